package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

// New builds the router: everything below /api/v2, posters as files.
func New(db *gorm.DB) *gin.Engine {
	router := gin.Default()
	router.Static("/posters", "./public/posters")

	v2 := router.Group("/api/v2")
	registerSystem(v2.Group("/system"), db)
	registerTickets(v2.Group("/tickets"), db)
	return router
}

func registerSystem(group *gin.RouterGroup, db *gorm.DB) {
	group.GET("/healthz", func(c *gin.Context) {
		sql, err := db.DB()
		if err != nil || sql.Ping() != nil {
			c.Status(http.StatusServiceUnavailable)
			return
		}
		c.JSON(http.StatusOK, gin.H{"status": "ok"})
	})
}
