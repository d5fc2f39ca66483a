// Package config reads the environment.
package config

import (
	"fmt"
	"os"
)

// Config is what both programs are told.
type Config struct {
	Address     string
	DatabaseURL string
	NATSURL     string
	Subject     string
	SpoolDir    string
}

// Read returns the configuration, or what is missing of it.
func Read(defaultAddress string) (Config, error) {
	c := Config{
		Address:     getenv("LISTEN_ADDR", defaultAddress),
		DatabaseURL: os.Getenv("DATABASE_URL"),
		NATSURL:     os.Getenv("NATS_URL"),
		Subject:     getenv("NATS_SUBJECT", "relay.events"),
		SpoolDir:    getenv("SPOOL_DIR", "/var/spool/relay"),
	}
	if c.DatabaseURL == "" {
		return c, fmt.Errorf("DATABASE_URL is not set")
	}
	if c.NATSURL == "" {
		return c, fmt.Errorf("NATS_URL is not set")
	}
	return c, nil
}

func getenv(name, otherwise string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return otherwise
}
