// Command gateway is what customers talk to.
package main

import (
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"

	"example.org/shop/platform/health"
	"example.org/shop/platform/settings"
)

func main() {
	billing, err := url.Parse(settings.String("BILLING_URL", "http://localhost:7002"))
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	health.Add(mux)
	mux.Handle("/billing/", http.StripPrefix("/billing", httputil.NewSingleHostReverseProxy(billing)))
	log.Println("level", settings.LogLevel())
	log.Fatal(http.ListenAndServe(":"+settings.String("GATEWAY_PORT", "7001"), mux))
}
