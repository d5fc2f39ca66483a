import Config

config :orchard, ecto_repos: [Orchard.Repo]

config :orchard, OrchardWeb.Endpoint,
  url: [host: "localhost", port: 443],
  adapter: Bandit.PhoenixAdapter

config :orchard, Oban, repo: Orchard.Repo, queues: [mails: 5]

import_config "#{config_env()}.exs"
