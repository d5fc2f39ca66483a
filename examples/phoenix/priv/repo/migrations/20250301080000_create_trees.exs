defmodule Orchard.Repo.Migrations.CreateTrees do
  use Ecto.Migration

  def change do
    create table(:trees) do
      add :kind, :string, null: false
    end
  end
end
