package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

// Ticket is one seat of one evening.
type Ticket struct {
	ID   uint   `json:"id"`
	Seat string `json:"seat" binding:"required"`
}

func registerTickets(group *gin.RouterGroup, db *gorm.DB) {
	group.GET("", func(c *gin.Context) {
		var tickets []Ticket
		if err := db.Find(&tickets).Error; err != nil {
			c.Status(http.StatusInternalServerError)
			return
		}
		c.JSON(http.StatusOK, tickets)
	})
	group.POST("/status", func(c *gin.Context) { c.Status(http.StatusAccepted) })
}
