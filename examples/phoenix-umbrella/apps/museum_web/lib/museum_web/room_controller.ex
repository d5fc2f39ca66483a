defmodule MuseumWeb.RoomController do
  use Phoenix.Controller, formats: [:json]

  def index(conn, _params), do: json(conn, [])
end
