package http

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestUnknown(t *testing.T) {
	recorder := httptest.NewRecorder()
	Router(nil).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/health", nil))
	if recorder.Code != http.StatusNotFound {
		t.Fatalf("got %d", recorder.Code)
	}
}
