// Command recipes is a cookbook with an HTTP interface.
package main

import (
	"database/sql"
	"flag"
	"log"
	"net/http"
	"os"

	_ "github.com/lib/pq"

	web "example.org/recipes/internal/http"
)

func main() {
	addr := flag.String("listen", "127.0.0.1:4180", "address to listen on")
	uploads := flag.String("uploads", "", "folder of the photographs")
	debug := flag.String("debug-listen", ":6060", "address of the profiler")
	flag.Parse()

	db, err := sql.Open("postgres", os.Getenv("RECIPES_DB"))
	if err != nil {
		log.Fatal(err)
	}
	if *uploads == "" {
		if err := os.MkdirAll("var/uploads", 0o750); err != nil {
			log.Fatal(err)
		}
	}
	go serveDebug(*debug)
	log.Fatal(http.ListenAndServe(*addr, web.Router(db)))
}

func serveDebug(addr string) {
	log.Print(http.ListenAndServe(addr, http.DefaultServeMux))
}
