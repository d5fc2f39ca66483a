import Config

config :museum_web, MuseumWeb.Endpoint, http: [port: 4000]
