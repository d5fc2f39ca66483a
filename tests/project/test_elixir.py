"""Elixir: what Mix, Phoenix and Plug really do."""

from __future__ import annotations

import pytest

from devops_orchestrator.core.project import Component
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read

MIX = """defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: "1.0.0", elixir: "~> 1.16", deps: deps()%s]
  end

  def application, do: [mod: {Shop.Application, []}]

  defp deps do
    [{:phoenix, "~> 1.7"}%s]
  end
end
"""
ENDPOINT = "defmodule ShopWeb.Endpoint do\n  use Phoenix.Endpoint, otp_app: :shop\n  %s\nend\n"


def phoenix(keys: str = "", deps: str = "", plug: str = "", **files: str) -> Component:
    found = read(Repository.of({"mix.exs": MIX % (keys, deps), "lib/shop_web/endpoint.ex": ENDPOINT % plug, **files}))
    assert [component.path for component in found.components] == ["."]
    return found.components[0]


@pytest.mark.parametrize(
    ("config", "port", "variable"),
    [
        ('http: [port: String.to_integer(System.get_env("PORT") || "4010")]', 4010, "PORT"),
        ('http: [ip: {0, 0, 0, 0}, port: System.get_env("HTTP_PORT", "4020")]', 4020, "HTTP_PORT"),
        ('http: [port: env!("PORT", :integer, 4030)]', 4030, "PORT"),
        ("http: [port: 4040]", 4040, None),
        ('http: [port: System.get_env("PORT") |> String.to_integer()]', 4000, "PORT"),
        ("url: [port: 443]", 4000, None),
        ("# http: [port: 9999]\n  url: [port: 443]", 4000, None),
    ],
)
def test_port_of_the_endpoint(config: str, port: int, variable: str | None) -> None:
    found = phoenix(**{"config/runtime.exs": f"import Config\n\nconfig :shop, ShopWeb.Endpoint,\n  {config}\n"})
    assert (found.port, found.traits.get("port_env")) == (port, variable)


def test_another_port_of_the_same_file_is_not_the_application_s() -> None:
    config = (
        'import Config\nconfig :shop, Shop.Repo, port: String.to_integer(System.get_env("POSTGRES_PORT", "5432"))\n'
        'config :shop, ShopWeb.Endpoint, http: [port: System.get_env("PORT", "8000")]\n'
    )
    found = phoenix(**{"config/runtime.exs": config})
    assert (found.port, found.evidence["port"]) == (8000, "config/runtime.exs:3")


def test_the_port_of_development_comes_last() -> None:
    files = {"config/dev.exs": "import Config\nconfig :shop, ShopWeb.Endpoint, http: [port: 4555]\n"}
    assert phoenix(**files).port == 4555
    assert phoenix(**files, Dockerfile="FROM elixir:1.18\nEXPOSE 4666\n").port == 4666


@pytest.mark.parametrize(
    ("plug", "router", "health"),
    [
        (
            "",
            'scope "/v1", as: :v1 do\n  scope path: "/ops" do\n    get "/healthz", A, :b\n  end\nend',
            "/v1/ops/healthz",
        ),
        ("", '# get "/health", A, :b', None),
        ("", 'if Mix.env() == :dev do\n  get "/health", A, :b\nend', None),
        ("", 'post "/health", A, :b', None),
        ("", 'forward "/health", ShopWeb.Health', "/health"),
        ("plug PlugHeartbeat", "", "/heartbeat"),
        ('plug ShopWeb.Live, path: "/livez"', "", "/livez"),
    ],
)
def test_health_route(plug: str, router: str, health: str | None) -> None:
    found = phoenix(
        plug=plug,
        **{"lib/shop_web/router.ex": f"defmodule ShopWeb.Router do\n  use ShopWeb, :router\n  {router}\nend\n"},
    )
    assert found.health == health


def test_commands_without_a_release_are_those_of_mix() -> None:
    found = phoenix()
    assert (found.start, found.build, found.migrate, found.test) == (
        "mix phx.server",
        "MIX_ENV=prod mix compile",
        None,
        None,
    )


def test_the_default_release_of_several() -> None:
    keys = ", default_release: :web, releases: [worker: [], web: []]"
    found = phoenix(keys)
    assert (found.start, found.build) == ("_build/prod/rel/web/bin/web start", "MIX_ENV=prod mix release")


def test_a_procfile_says_how_it_is_started() -> None:
    found = phoenix(Procfile="release: mix ecto.migrate\nweb: mix phx.server\n")
    assert (found.start, found.migrate, found.evidence["start"]) == ("mix phx.server", "mix ecto.migrate", "Procfile:2")


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({}, "1.16"),
        ({".tool-versions": "erlang 26.0\nelixir 1.17.3-otp-27\n"}, "1.17.3"),
        ({"elixir_buildpack.config": "# elixir_version=1.2\nelixir_version=1.16.2\n"}, "1.16.2"),
    ],
)
def test_version(files: dict[str, str], version: str) -> None:
    found = phoenix(**files)
    assert found.runtime is not None and found.runtime.version == version


def test_packages_of_tests_and_comments_are_no_services() -> None:
    found = phoenix(
        deps=', {:redix, "~> 1.5", only: :test}, {:postgrex, ">= 0.0.0"},\n     # {:myxql, "~> 0.7"}\n     {:redix_fake, "~> 1.0"}'
    )
    assert found.services == ("postgresql",)


def test_a_package_is_a_library() -> None:
    mix = 'defmodule A.MixProject do\n  def project, do: [app: :a, elixir: "~> 1.14", deps: [{:phoenix, "~> 1.7"}], package: []]\nend\n'
    found = read(Repository.of({"mix.exs": mix, "lib/a.ex": "defmodule A do\nend\n"})).components[0]
    assert (found.kind, found.framework, found.start, found.port) == ("library", None, None, None)


def test_an_application_that_serves_nothing_is_a_worker() -> None:
    mix = MIX.replace('{:phoenix, "~> 1.7"}', '{:broadway_kafka, "~> 0.4"}') % ("", "")
    found = read(Repository.of({"mix.exs": mix, "lib/a.ex": "defmodule A do\nend\n"})).components[0]
    assert (found.kind, found.start, found.services, found.port) == ("worker", "mix run --no-halt", ("kafka",), None)
