defmodule OrchardWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :orchard

  plug Plug.Static, at: "/", from: :orchard, gzip: false, only: ~w(assets images robots.txt)
  plug PromEx.Plug, prom_ex_module: Orchard.PromEx, path: "/internal/metrics"
  plug Plug.Parsers, parsers: [:json], json_decoder: Phoenix.json_library()
  plug OrchardWeb.Router
end
