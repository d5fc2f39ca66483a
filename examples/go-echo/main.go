// Command parcels follows parcels through Redis.
package main

import (
	"fmt"
	"log"

	"github.com/caarlos0/env/v11"
	"github.com/labstack/echo-contrib/echoprometheus"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/redis/go-redis/v9"

	"example.org/parcels/v2/handler"
)

type config struct {
	HTTP struct {
		Port int `env:"PORT" envDefault:"5080"`
	} `envPrefix:"HTTP_"`
	RedisURL string `env:"REDIS_URL,required"`
	Debug    bool   `env:"DEBUG"`
}

func main() {
	var cfg config
	if err := env.Parse(&cfg); err != nil {
		log.Fatal(err)
	}
	options, err := redis.ParseURL(cfg.RedisURL)
	if err != nil {
		log.Fatal(err)
	}

	e := echo.New()
	e.Debug = cfg.Debug
	e.Use(middleware.Recover(), echoprometheus.NewMiddleware("parcels"))
	e.GET("/internal/metrics", echoprometheus.NewHandler())
	handler.Register(e.Group("/v1"), redis.NewClient(options))

	e.Logger.Fatal(e.Start(fmt.Sprintf(":%d", cfg.HTTP.Port)))
}
