defmodule Shortener.Application do
  use Application

  @impl true
  def start(_type, _args) do
    # port: 9999 was the port of the first prototype
    port = String.to_integer(System.get_env("PORT") || "4100")

    children = [
      {Redix, {Application.fetch_env!(:shortener, :redis_url), [name: :links]}},
      {TelemetryMetricsPrometheus, metrics: Shortener.Telemetry.metrics(), port: 9580},
      {Bandit, plug: Shortener.Router, port: port}
    ]

    Supervisor.start_link(children, strategy: :one_for_one)
  end
end
