defmodule Orchard.Repo do
  use Ecto.Repo, otp_app: :orchard, adapter: Ecto.Adapters.MyXQL
end
