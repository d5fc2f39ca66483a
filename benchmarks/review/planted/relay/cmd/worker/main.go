// Command worker stores the events that come through NATS.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
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
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	if err := run(); err != nil {
		slog.Error("stopped", "error", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	c, err := config.Read(":9091")
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
	if _, err := queue.QueueSubscribe(c.Subject, "workers", func(message *nats.Msg) {
		start := time.Now()
		outcome := "stored"
		if err := events.Add(ctx, message.Data); err != nil {
			outcome = "spooled"
			name := filepath.Join(c.SpoolDir, strconv.FormatInt(start.UnixNano(), 10))
			if err := os.WriteFile(name, message.Data, 0o600); err != nil {
				outcome = "lost"
			}
		}
		metrics.Handled.WithLabelValues(outcome).Inc()
		metrics.Seconds.Observe(time.Since(start).Seconds())
	}); err != nil {
		return err
	}

	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.Handler())
	server := &http.Server{Addr: c.Address, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.ListenAndServe() }()
	<-ctx.Done()
	return server.Close()
}
