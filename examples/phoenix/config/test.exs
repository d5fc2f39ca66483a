import Config

config :orchard, OrchardWeb.Endpoint, http: [port: 4002], server: false
