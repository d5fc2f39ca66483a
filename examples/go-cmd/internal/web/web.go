// Package web is the HTTP interface.
package web

import (
	"io"
	"net/http"

	"github.com/gorilla/mux"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"example.org/invoices/internal/queue"
)

// New builds the router.
func New(pool *pgxpool.Pool, orders *queue.Queue) http.Handler {
	router := mux.NewRouter()
	router.Path("/ops/metrics").Handler(promhttp.Handler())
	router.HandleFunc("/ops/health", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}).Methods(http.MethodGet)
	router.HandleFunc("/ops/readyz", func(w http.ResponseWriter, r *http.Request) {
		if pool.Ping(r.Context()) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}).Methods(http.MethodGet)

	invoices := router.PathPrefix("/invoices").Subrouter()
	invoices.HandleFunc("", func(w http.ResponseWriter, r *http.Request) {
		order, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<16))
		if err != nil || orders.Put(r.Context(), order) != nil {
			w.WriteHeader(http.StatusBadGateway)
		}
	}).Methods(http.MethodPost)
	return router
}
