defmodule Shortener.MixProject do
  use Mix.Project

  @elixir "~> 1.17"

  def project do
    [
      app: :shortener,
      version: "0.3.0",
      elixir: @elixir,
      start_permanent: Mix.env() == :prod,
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger], mod: {Shortener.Application, []}]
  end

  defp deps do
    [
      # {:postgrex, "~> 0.20"},
      {:bandit, "~> 1.6"},
      {:plug, "~> 1.16"},
      {:redix, "~> 1.5"},
      {:telemetry_metrics_prometheus, "~> 1.1"},
      {:dialyxir, "~> 1.4", only: [:dev, :test], runtime: false}
    ]
  end
end
