package handler

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestLive(t *testing.T) {
	e := echo.New()
	Register(e.Group(""), nil)
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/probes/live", nil))
	if recorder.Code != http.StatusNoContent {
		t.Fatalf("got %d", recorder.Code)
	}
}
