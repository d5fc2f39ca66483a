package links

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

type memory map[string]string

func (m memory) Find(_ context.Context, name string) (string, error) {
	if url, found := m[name]; found {
		return url, nil
	}
	return "", errors.New("unknown")
}

func (m memory) Save(_ context.Context, name, url string) error {
	m[name] = url
	return nil
}

func TestRoutes(t *testing.T) {
	handler := Routes(memory{"go": "https://go.dev"})
	for path, want := range map[string]int{"/healthz": 204, "/go": 302, "/nothing": 404, "/metrics": 200} {
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, httptest.NewRequest(http.MethodGet, path, nil))
		if response.Code != want {
			t.Errorf("GET %s = %d, want %d", path, response.Code, want)
		}
	}
}
