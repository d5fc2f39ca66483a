import Config

config :museum, ecto_repos: [Museum.Repo]

config :museum_web, MuseumWeb.Endpoint,
  http: [port: {:system, "MUSEUM_PORT"}],
  secret_key_base: System.get_env("SECRET_KEY_BASE")
