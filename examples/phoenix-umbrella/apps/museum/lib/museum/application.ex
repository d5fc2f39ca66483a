defmodule Museum.Application do
  use Application

  @impl true
  def start(_type, _args), do: Supervisor.start_link([Museum.Repo], strategy: :one_for_one)
end

defmodule Museum.Repo do
  use Ecto.Repo, otp_app: :museum, adapter: Ecto.Adapters.Postgres
end
