defmodule MuseumWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :museum_web

  plug MuseumWeb.Pulse
  plug MuseumWeb.Router
end
