defmodule OrchardWeb.HealthControllerTest do
  use ExUnit.Case, async: true
  import Phoenix.ConnTest

  @endpoint OrchardWeb.Endpoint

  test "GET /api/internal/up" do
    assert json_response(get(build_conn(), "/api/internal/up"), 200) == %{"status" => "up"}
  end
end
