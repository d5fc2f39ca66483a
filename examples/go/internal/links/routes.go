// Package links maps short names to addresses.
package links

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Store keeps the links.
type Store interface {
	Find(ctx context.Context, name string) (string, error)
	Save(ctx context.Context, name, url string) error
}

var visits = promauto.NewCounterVec(prometheus.CounterOpts{
	Name: "links_visits_total",
	Help: "Visits by result.",
}, []string{"result"})

// Routes returns the handler of the service.
func Routes(store Store) http.Handler {
	router := chi.NewRouter()
	router.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})
	router.Handle("/metrics", promhttp.Handler())
	router.Get("/{name}", func(w http.ResponseWriter, r *http.Request) {
		url, err := store.Find(r.Context(), chi.URLParam(r, "name"))
		if err != nil {
			visits.WithLabelValues("unknown").Inc()
			http.NotFound(w, r)
			return
		}
		visits.WithLabelValues("found").Inc()
		http.Redirect(w, r, url, http.StatusFound)
	})
	router.Post("/", func(w http.ResponseWriter, r *http.Request) {
		var link struct{ Name, URL string }
		if err := json.NewDecoder(r.Body).Decode(&link); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := store.Save(r.Context(), link.Name, link.URL); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
	return router
}
