// Command migrate brings the database to the newest schema, then ends.
package main

import (
	"context"
	_ "embed"
	"log"
	"os"

	"github.com/jackc/pgx/v5"
)

//go:embed schema.sql
var schema string

func main() {
	ctx := context.Background()
	connection, err := pgx.Connect(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close(ctx)
	if _, err := connection.Exec(ctx, schema); err != nil {
		log.Fatal(err)
	}
}
