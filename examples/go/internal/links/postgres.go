package links

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Postgres keeps the links in PostgreSQL.
type Postgres struct{ pool *pgxpool.Pool }

// NewPostgres returns a store on a pool.
func NewPostgres(pool *pgxpool.Pool) *Postgres { return &Postgres{pool: pool} }

// Find returns the address of a name.
func (p *Postgres) Find(ctx context.Context, name string) (string, error) {
	var url string
	err := p.pool.QueryRow(ctx, "SELECT url FROM links WHERE name = $1", name).Scan(&url)
	return url, err
}

// Save adds or replaces a link.
func (p *Postgres) Save(ctx context.Context, name, url string) error {
	_, err := p.pool.Exec(ctx,
		"INSERT INTO links (name, url) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET url = $2", name, url)
	return err
}
