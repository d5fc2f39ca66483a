defmodule Museum.Repo.Migrations.CreateRooms do
  use Ecto.Migration

  def change, do: create(table(:rooms))
end
