package config

import "testing"

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://db/relay")
	t.Setenv("NATS_URL", "")
	if _, err := Read(":8080"); err == nil {
		t.Fatal("NATS_URL is not set, and nobody says so")
	}
}
