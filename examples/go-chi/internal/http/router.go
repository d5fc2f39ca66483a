// Package http serves the recipes.
package http

import (
	"database/sql"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// Router builds all routes; those of the kitchen are mounted.
func Router(db *sql.DB) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.Recoverer)
	r.Route("/kitchen", func(r chi.Router) {
		r.With(middleware.NoCache).Get("/health", func(w http.ResponseWriter, _ *http.Request) {
			if db.Ping() != nil {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		})
		r.Mount("/recipes", recipes(db))
	})
	return r
}

func recipes(db *sql.DB) http.Handler {
	r := chi.NewRouter()
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {
		rows, err := db.QueryContext(r.Context(), "SELECT title FROM recipes")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer rows.Close()
	})
	return r
}
