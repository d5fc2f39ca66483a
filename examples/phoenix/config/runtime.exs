import Config

if System.get_env("PHX_SERVER") do
  config :orchard, OrchardWeb.Endpoint, server: true
end

if config_env() == :prod do
  database_url =
    System.get_env("DATABASE_URL") ||
      raise "DATABASE_URL is missing, for example ecto://USER:PASS@HOST/DATABASE"

  config :orchard, Orchard.Repo,
    url: database_url,
    port: String.to_integer(System.get_env("DATABASE_PORT") || "3306")

  # The load balancer of the old host wanted 8443.
  port = String.to_integer(System.get_env("PORT") || "8020")

  config :orchard, OrchardWeb.Endpoint,
    url: [host: System.get_env("PHX_HOST") || "orchard.example.org", port: 443, scheme: "https"],
    http: [ip: {0, 0, 0, 0, 0, 0, 0, 0}, port: port],
    secret_key_base: System.fetch_env!("SECRET_KEY_BASE")
end
