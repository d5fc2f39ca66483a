defmodule Shortener.Telemetry do
  import Telemetry.Metrics

  def metrics, do: [counter("shortener.redirect.count")]
end
