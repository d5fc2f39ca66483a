// Command api takes orders for invoices.
package main

import (
	"cmp"
	"context"
	"log"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/invoices/internal/queue"
	"example.org/invoices/internal/web"
)

func main() {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	orders, err := queue.Open(os.Getenv("AMQP_URL"))
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: cmp.Or(os.Getenv("API_ADDR"), ":8600"), Handler: web.New(pool, orders)}
	log.Fatal(server.ListenAndServe())
}
