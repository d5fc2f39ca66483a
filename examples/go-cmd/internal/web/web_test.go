package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHealth(t *testing.T) {
	recorder := httptest.NewRecorder()
	New(nil, nil).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/ops/health", nil))
	if recorder.Code != http.StatusNoContent {
		t.Fatalf("got %d", recorder.Code)
	}
}
