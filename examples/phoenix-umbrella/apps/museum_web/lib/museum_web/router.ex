defmodule MuseumWeb.Router do
  use Phoenix.Router

  get "/rooms", MuseumWeb.RoomController, :index
end
