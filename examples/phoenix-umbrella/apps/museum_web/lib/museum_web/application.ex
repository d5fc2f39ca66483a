defmodule MuseumWeb.Application do
  use Application

  @impl true
  def start(_type, _args), do: Supervisor.start_link([MuseumWeb.Endpoint], strategy: :one_for_one)
end
