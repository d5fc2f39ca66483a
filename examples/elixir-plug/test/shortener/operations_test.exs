defmodule Shortener.OperationsTest do
  use ExUnit.Case, async: true
  import Plug.Test

  test "is alive" do
    assert Shortener.Operations.call(conn(:get, "/alive"), []).status == 200
  end
end
