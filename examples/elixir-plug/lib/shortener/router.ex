defmodule Shortener.Router do
  use Plug.Router

  plug :match
  plug :dispatch

  forward "/ops", to: Shortener.Operations

  # get "/health" is answered by the load balancer
  get "/:code" do
    case Redix.command(:links, ["GET", code]) do
      {:ok, nil} ->
        send_resp(conn, 404, "")

      {:ok, url} ->
        :telemetry.execute([:shortener, :redirect], %{count: 1})
        conn |> put_resp_header("location", url) |> send_resp(302, "")
    end
  end
end
