defmodule Museum.MixProject do
  use Mix.Project

  def project do
    [
      app: :museum,
      version: "2.0.0",
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      elixir: "~> 1.16",
      deps: deps()
    ]
  end

  def application, do: [mod: {Museum.Application, []}]

  defp deps do
    [
      {:ecto_sql, "~> 3.12"},
      {:postgrex, "~> 0.20"}
    ]
  end
end
