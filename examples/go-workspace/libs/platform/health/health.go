// Package health says that a service is well.
package health

import "net/http"

// Path is where every service of the shop answers.
const Path = "/-/healthy"

// Add puts the health route on a mux.
func Add(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /-/health", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
}
