import Config

config :shortener,
  redis_url: System.fetch_env!("REDIS_URL"),
  domain: System.get_env("SHORT_DOMAIN", "s.example.org")
