// Package store keeps events in PostgreSQL.
package store

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Store is a pool of connections.
type Store struct{ pool *pgxpool.Pool }

// Open connects when it is first used.
func Open(ctx context.Context, url string) (*Store, error) {
	pool, err := pgxpool.New(ctx, url)
	return &Store{pool}, err
}

// Ping asks whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// Add keeps an event.
func (s *Store) Add(ctx context.Context, body []byte) error {
	_, err := s.pool.Exec(ctx, "INSERT INTO events (body) VALUES ($1)", body)
	return err
}
