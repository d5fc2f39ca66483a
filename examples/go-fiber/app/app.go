package app

import (
	"github.com/ansrivas/fiberprometheus/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/healthcheck"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// New builds the application.
func New(db *mongo.Database) *fiber.App {
	app := fiber.New()
	app.Use(healthcheck.New(healthcheck.Config{LivenessEndpoint: "/alive"}))

	prometheus := fiberprometheus.New("polls")
	prometheus.RegisterAt(app, "/metrics")
	app.Use(prometheus.Middleware)

	app.Static("/", "./static")
	app.Get("/api/polls", func(c *fiber.Ctx) error {
		count, err := db.Collection("polls").CountDocuments(c.Context(), bson.D{})
		if err != nil {
			return err
		}
		return c.JSON(fiber.Map{"polls": count})
	})
	return app
}
