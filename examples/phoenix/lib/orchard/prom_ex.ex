defmodule Orchard.PromEx do
  use PromEx, otp_app: :orchard

  @impl true
  def plugins, do: [PromEx.Plugins.Beam, {PromEx.Plugins.Phoenix, router: OrchardWeb.Router}]
end
