defmodule MuseumWeb.MixProject do
  use Mix.Project

  def project do
    [
      app: :museum_web,
      version: "2.0.0",
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      elixir: "~> 1.16",
      deps: deps()
    ]
  end

  def application, do: [mod: {MuseumWeb.Application, []}]

  defp deps do
    [
      {:museum, in_umbrella: true},
      {:phoenix, "~> 1.7"},
      {:plug_cowboy, "~> 2.7"}
    ]
  end
end
