defmodule Museum.Umbrella.MixProject do
  use Mix.Project

  def project do
    [
      apps_path: "apps",
      version: "2.0.0",
      start_permanent: Mix.env() == :prod,
      deps: deps(),
      releases: [museum: [applications: [museum: :permanent, museum_web: :permanent]]]
    ]
  end

  defp deps, do: [{:credo, "~> 1.7", only: [:dev, :test], runtime: false}]
end
