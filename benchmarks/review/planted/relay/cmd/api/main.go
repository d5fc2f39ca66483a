// Command api accepts events and hands them to NATS.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/acme/relay/internal/config"
	"github.com/acme/relay/internal/metrics"
	"github.com/acme/relay/internal/store"
)

func main() {
	check := flag.Bool("check", false, "ask the running API whether it is alive")
	flag.Parse()
	if *check {
		os.Exit(alive("http://127.0.0.1:8080/livez"))
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	if err := run(); err != nil {
		slog.Error("stopped", "error", err)
		os.Exit(1)
	}
}

func alive(url string) int {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get(url)
	if err != nil || response.StatusCode != http.StatusOK {
		return 1
	}
	return 0
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	c, err := config.Read(":8080")
	if err != nil {
		return err
	}
	events, err := store.Open(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	queue, err := nats.Connect(c.NATSURL, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1))
	if err != nil {
		return err
	}
	defer queue.Close()

	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.Handler())
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if events.Ping(r.Context()) != nil || !queue.IsConnected() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /v1/events", func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusAccepted
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			status = http.StatusBadRequest
		} else if err := queue.Publish(c.Subject, body); err != nil {
			status = http.StatusServiceUnavailable
		}
		metrics.Requests.WithLabelValues("/v1/events", strconv.Itoa(status)).Inc()
		w.WriteHeader(status)
	})

	server := &http.Server{Addr: c.Address, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		deadline, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = server.Shutdown(deadline)
	}()
	slog.Info("listening", "address", c.Address)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
