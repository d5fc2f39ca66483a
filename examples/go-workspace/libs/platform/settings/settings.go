// Package settings reads the environment.
package settings

import "os"

// String is a variable, or its default.
func String(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

// LogLevel is how much is logged.
func LogLevel() string { return String("LOG_LEVEL", "info") }
