defmodule Orchard.Application do
  use Application

  @impl true
  def start(_type, _args) do
    children = [Orchard.PromEx, Orchard.Repo, {Oban, Application.fetch_env!(:orchard, Oban)}, OrchardWeb.Endpoint]
    Supervisor.start_link(children, strategy: :one_for_one, name: Orchard.Supervisor)
  end
end
