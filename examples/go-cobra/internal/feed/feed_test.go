package feed

import (
	"context"
	"testing"
	"time"
)

func TestNobodyAnswers(t *testing.T) {
	if _, err := Age(context.Background(), "127.0.0.1", 1, time.Second); err == nil {
		t.Fatal("an answer from nobody")
	}
}
