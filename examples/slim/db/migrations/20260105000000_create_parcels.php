<?php

declare(strict_types=1);

use Phinx\Migration\AbstractMigration;

final class CreateParcels extends AbstractMigration
{
    public function change(): void
    {
        $this->table('parcels')->addColumn('number', 'string')->addColumn('state', 'string')->create();
    }
}
