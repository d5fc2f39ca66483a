package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

func TestBills(t *testing.T) {
	recorder := httptest.NewRecorder()
	routes(new(atomic.Int64)).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/bills", nil))
	if recorder.Code != http.StatusOK {
		t.Fatalf("got %d", recorder.Code)
	}
}
