// Command billing writes bills for orders that NATS tells of.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"sync/atomic"

	"github.com/nats-io/nats.go"

	"example.org/shop/platform/health"
)

func main() {
	connection, err := nats.Connect(os.Getenv("NATS_URL"))
	if err != nil {
		log.Fatal(err)
	}
	var bills atomic.Int64
	if _, err := connection.QueueSubscribe("orders", "billing", func(*nats.Msg) { bills.Add(1) }); err != nil {
		log.Fatal(err)
	}
	server := http.Server{Addr: ":7002", Handler: routes(&bills)}
	log.Fatal(server.ListenAndServe())
}

func routes(bills *atomic.Int64) http.Handler {
	mux := http.NewServeMux()
	health.Add(mux)
	mux.HandleFunc("GET /bills", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(bills.Load())
	})
	return mux
}
