package handler

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
)

type parcels struct{ store *redis.Client }

// Register adds the parcels and the probes below a group.
func Register(group *echo.Group, store *redis.Client) {
	h := parcels{store: store}
	group.GET("/parcels/:code", h.show)
	probes := group.Group("/probes")
	probes.GET("/live", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	probes.GET("/ready", h.ready)
}

func (h parcels) show(c echo.Context) error {
	place, err := h.store.Get(c.Request().Context(), "parcel:"+c.Param("code")).Result()
	if errors.Is(err, redis.Nil) {
		return echo.ErrNotFound
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"place": place})
}

func (h parcels) ready(c echo.Context) error {
	if err := h.store.Ping(c.Request().Context()).Err(); err != nil {
		return echo.NewHTTPError(http.StatusServiceUnavailable, err.Error())
	}
	return c.NoContent(http.StatusNoContent)
}
