defmodule MuseumWeb.Pulse do
  @moduledoc "Answers the load balancer before anything is logged."
  import Plug.Conn

  def init(options), do: options

  def call(%Plug.Conn{request_path: "/_health"} = conn, _options), do: conn |> send_resp(200, "ok") |> halt()
  def call(conn, _options), do: conn
end
