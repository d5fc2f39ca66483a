import Config

config :orchard, OrchardWeb.Endpoint, http: [ip: {127, 0, 0, 1}, port: 4040]
config :orchard, Orchard.Repo, hostname: "localhost", port: 3306, password: System.get_env("DEV_DATABASE_PASSWORD")
config :orchard, dev_routes: true
