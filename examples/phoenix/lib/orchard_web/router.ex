defmodule OrchardWeb.Router do
  use Phoenix.Router

  pipeline :api do
    plug :accepts, ["json"]
  end

  scope "/api", OrchardWeb do
    pipe_through :api

    get "/trees", TreeController, :index

    scope "/internal" do
      get "/up", HealthController, :show
    end
  end

  if Application.compile_env(:orchard, :dev_routes) do
    scope "/dev" do
      get "/health", OrchardWeb.HealthController, :show
    end
  end
end
