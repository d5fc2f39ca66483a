defmodule MuseumWeb.PulseTest do
  use ExUnit.Case, async: true
  import Plug.Test

  test "answers its own path alone" do
    assert MuseumWeb.Pulse.call(conn(:get, "/_health"), []).status == 200
  end
end
