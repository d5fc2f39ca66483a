defmodule Shortener.Operations do
  use Plug.Router

  plug :match
  plug :dispatch

  get "/alive", do: send_resp(conn, 200, "yes")
end
