// Package metrics holds what both programs measure.
package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

var (
	// Requests counts the requests of the API.
	Requests = promauto.NewCounterVec(prometheus.CounterOpts{
		Namespace: "relay", Subsystem: "http", Name: "requests_total", Help: "Requests by route and status.",
	}, []string{"route", "status"})
	// Handled counts the events of the worker.
	Handled = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "relay_events_handled_total", Help: "Events by outcome.",
	}, []string{"outcome"})
	// Seconds measures how long an event takes.
	Seconds = promauto.NewHistogram(prometheus.HistogramOpts{
		Name: "relay_event_duration_seconds", Help: "Duration of an event.",
	})
)
