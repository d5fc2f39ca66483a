// Command tickets sells tickets over HTTP.
package main

import (
	"log"
	"os"

	"example.org/tickets/internal/api"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
)

// getenv is os.Getenv with a default.
func getenv(key, fallback string) string {
	if value, ok := os.LookupEnv(key); ok {
		return value
	}
	return fallback
}

func main() {
	dsn := os.Getenv("MYSQL_DSN")
	if dsn == "" {
		log.Fatal("MYSQL_DSN is not set")
	}
	db, err := gorm.Open(mysql.Open(dsn), &gorm.Config{})
	if err != nil {
		log.Fatal(err)
	}

	// It used to be ":8080", which the proxy needs now.
	router := api.New(db)
	if err := router.Run(":" + getenv("TICKETS_PORT", "7070")); err != nil {
		log.Fatal(err)
	}
}
