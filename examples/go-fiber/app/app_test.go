package app

import (
	"net/http/httptest"
	"testing"
)

func TestAlive(t *testing.T) {
	response, err := New(nil).Test(httptest.NewRequest("GET", "/alive", nil))
	if err != nil || response.StatusCode != 200 {
		t.Fatal(response, err)
	}
}
