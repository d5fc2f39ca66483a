// Command worker prints the invoices that were ordered.
package main

import (
	"log"
	"os"

	"example.org/invoices/internal/queue"
)

func main() {
	orders, err := queue.Open(os.Getenv("AMQP_URL"))
	if err != nil {
		log.Fatal(err)
	}
	folder := os.Getenv("INVOICES_FOLDER")
	if folder == "" {
		folder = "out"
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		log.Fatal(err)
	}
	log.Fatal(orders.Each(func(order []byte) error {
		return os.WriteFile(folder+"/invoice.txt", order, 0o600)
	}))
}
