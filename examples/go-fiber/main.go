// Command polls asks questions and counts answers.
package main

import (
	"context"
	"log"
	"strings"

	"github.com/spf13/viper"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"example.org/polls/app"
)

func main() {
	viper.SetEnvPrefix("polls")
	viper.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	viper.AutomaticEnv()
	viper.SetDefault("server.addr", ":3030")
	viper.SetDefault("mongo.uri", "mongodb://localhost:27017")

	client, err := mongo.Connect(context.Background(), options.Client().ApplyURI(viper.GetString("mongo.uri")))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(app.New(client.Database("polls")).Listen(viper.GetString("server.addr")))
}
