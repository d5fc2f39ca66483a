"""Ruby: what is read of Bundler, Rails, Sinatra, Rack, workers and gems, case by case."""

from __future__ import annotations

import pytest

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read

RAILS = {
    "Gemfile": 'gem "rails", "~> 8.0"\n',
    "bin/rails": "",
    "config.ru": "run Rails.application\n",
    "config/application.rb": "",
}


def project(files: dict[str, str | bytes]) -> Project:
    return read(Repository.of(files))


def only(files: dict[str, str | bytes]) -> Component:
    found = project(files)
    assert len(found.components) == 1, [component.path for component in found.components]
    return found.components[0]


def rails(gems: str = "", **files: str) -> Component:
    named = {
        name.replace("__", "/").replace("_rb", ".rb").replace("_yml", ".yml"): text for name, text in files.items()
    }
    return only({**RAILS, "Gemfile": RAILS["Gemfile"] + gems, **named})


def commands(component: Component) -> dict[str, str]:
    return {process.name: process.command for process in component.processes}


@pytest.mark.parametrize(
    ("code", "port", "variable"),
    [
        ('port ENV.fetch("PORT") { 3100 }', 3100, "PORT"),
        ('port(ENV.fetch("WEB_PORT", 3200), "::")', 3200, "WEB_PORT"),
        ("port ENV['PORT'] || 3300", 3300, "PORT"),
        ("port Integer(ENV['PORT'] || '3400')", 3400, "PORT"),
        ('number = ENV.fetch("PORT", 3500)\nbind "tcp://0.0.0.0:#{number}"', 3500, "PORT"),
        ('bind "unix:///tmp/puma.sock"', 3000, None),
        ("# port 9999", 3000, None),
    ],
)
def test_port_of_puma(code: str, port: int, variable: str | None) -> None:
    found = rails(config__puma_rb=code + "\n")
    assert (found.port, found.traits.get("port_env")) == (port, variable)


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ('get "up" => "rails/health#show", as: :rails_health_check', "/up"),
        ('namespace :api do\n namespace :v1 do\n get "health", to: "x#y"\n end\nend', "/api/v1/health"),
        ('scope "/internal", module: :ops do\n get :healthz\nend', "/internal/healthz"),
        ("scope module: :ops do\n get :healthz, to: 'x#y'\nend", "/healthz"),
        ("constraints(host: 'x') do\n resource :health, only: :show\nend", "/health"),
        ("resource :health, only: :create", None),
        ("resources :orders do\n get :status, on: :member\nend", None),
        ("resources :orders do\n collection do\n get :health\n end\nend", "/orders/health"),
        ("mount Checks::Engine, at: '/healthz'", "/healthz"),
        ("mount Checks::Engine => '/healthz'", "/healthz"),
        ("match 'ping', to: 'x#y', via: [:get, :head]", "/ping"),
        ("post 'health', to: 'x#y'", None),
        ("# get 'health'", None),
    ],
)
def test_health_routes_of_rails(code: str, path: str | None) -> None:
    assert rails(config__routes_rb=f"Rails.application.routes.draw do\n{code}\nend\n").health == path


def test_the_database_of_the_configuration_decides_among_drivers() -> None:
    yml = 'production:\n  adapter: <%= ENV["DB"].presence || "mysql2" %>\n  database: <%= ENV.fetch("NAME") %>\n'
    found = rails('gem "pg"\ngem "mysql2"\n', config__database_yml=yml)
    assert (found.services, found.evidence["services"]) == (("mysql",), "config/database.yml:2")
    assert {"DB", "NAME"} <= set(found.environment)
    assert "NAME" in found.required_environment


def test_sqlite_is_a_file_and_no_service() -> None:
    yml = "default: &default\n  adapter: sqlite3\nproduction:\n  primary:\n    <<: *default\n    database: db/live.sqlite3\n"
    found = rails('gem "sqlite3"\n', config__database_yml=yml)
    assert (found.services, found.writable) == ((), ("db/live.sqlite3", "log", "tmp"))


@pytest.mark.parametrize(
    ("gems", "expected"),
    [
        ('gem "sidekiq"', {"sidekiq": "bundle exec sidekiq"}),
        ('gem "good_job"', {"good_job": "bundle exec good_job start"}),
        ('gem "resque"\ngem "resque-scheduler"', {"resque": "QUEUE=* bundle exec rake resque:work", "resque-scheduler": "bundle exec rake resque:scheduler"}),
        ('gem "delayed_job_active_record"', {"delayed_job": "bundle exec rake jobs:work"}),
        ('group :development do\n  gem "sidekiq"\nend', {}),
        ('gem "solid_queue"', {}),  # nothing shows that it is used
    ],
)  # fmt: skip
def test_workers_of_gems(gems: str, expected: dict[str, str]) -> None:
    assert commands(rails(gems + "\n")) == expected


def test_the_procfile_names_the_workers_itself() -> None:
    found = rails(
        'gem "sidekiq"\n',
        Procfile="web: bin/rails server -p 4000\nworker: bundle exec sidekiq -c 2\nredis: redis-server\n",
    )
    assert (commands(found), found.port) == ({"worker": "bundle exec sidekiq -c 2"}, 4000)


def test_solid_queue_where_active_job_uses_it() -> None:
    found = rails(
        'gem "solid_queue"\n', config__environments__production_rb="config.active_job.queue_adapter = :solid_queue\n"
    )
    assert commands(found) == {"jobs": "bundle exec rake solid_queue:start"}


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({".ruby-version": "ruby-3.3.1\n", "Gemfile": 'ruby "3.2.0"\ngem "rack"\n'}, "3.3.1"),
        ({"Gemfile": 'ruby file: ".tool-versions"\ngem "rack"\n', ".tool-versions": "ruby 3.4.2\n"}, "3.4.2"),
        ({"Gemfile": 'ruby ">= 3.1.2", "< 3.5"\ngem "rack"\n'}, "3.1"),
        (
            {"Gemfile": 'gem "rack"\n', "Gemfile.lock": "RUBY VERSION\n   ruby 3.3.4p94\n\nBUNDLED WITH\n   2.5.1\n"},
            "3.3.4",
        ),
        (
            {"Gemfile": 'gem "rack"\n', "Dockerfile": "ARG RUBY_VERSION=3.2.2\nFROM ruby:${RUBY_VERSION}-slim\n"},
            "3.2.2",
        ),
    ],
)
def test_versions_of_ruby(files: dict[str, str | bytes], version: str) -> None:
    found = only({"config.ru": "run App\n", **files})
    assert found.runtime and found.runtime.version == version


def test_a_gem_is_a_library_whatever_its_gemfile_tests_with() -> None:
    files = {
        "Gemfile": 'source "https://example.org"\ngemspec\ngem "rails"\ngem "pg"\n',
        "ink.gemspec": 'Gem::Specification.new do |s|\n  s.name = "ink"\n  s.required_ruby_version = ">= 3.1"\n  s.add_dependency "redis"\nend\n',
        "Rakefile": "Rake::TestTask.new\n",
        "test/ink_test.rb": "",
    }
    found = only(files)
    assert (found.kind, found.name, found.framework, found.services) == ("library", "ink", None, ("redis",))
    assert (found.runtime and found.runtime.version, found.test) == ("3.1", "bundle exec rake test")


def test_a_gemfile_of_tools_is_no_component() -> None:
    assert project({"Gemfile": 'gem "fastlane"\ngem "cocoapods"\n', "ios/App.swift": ""}).components == ()


def test_classic_sinatra() -> None:
    code = 'require "sinatra"\nset :port, ENV.fetch("PORT", 5050)\nget "/ping" do\n  "pong"\nend\n'
    found = only({"Gemfile": 'gem "sinatra"\n', "web.rb": code})
    assert (found.port, found.health, found.start) == (5050, "/ping", "bundle exec ruby web.rb -o 0.0.0.0")


def test_grape_and_roda() -> None:
    grape = 'class Api < Grape::API\n  prefix :api\n  version "v1", using: :path\n  namespace :ops do\n    get :health do\n      1\n    end\n  end\nend\n'
    assert only({"Gemfile": 'gem "grape"\n', "config.ru": "run Api\n", "api.rb": grape}).health == "/api/v1/ops/health"
    roda = 'class App < Roda\n  route do |r|\n    r.on "ops" do\n      r.get "healthz" do\n        "ok"\n      end\n    end\n  end\nend\n'
    assert only({"Gemfile": 'gem "roda"\n', "config.ru": "run App\n", "app.rb": roda}).health == "/ops/healthz"


def test_hanami() -> None:
    routes = 'class Routes < Hanami::Routes\n  slice :admin, at: "/admin" do\n    get "/status/health", to: "x"\n  end\nend\n'
    found = only({"Gemfile": 'gem "hanami"\ngem "puma"\n', "config.ru": "run Hanami.app\n", "config/routes.rb": routes})
    assert (found.framework, found.port, found.health) == ("hanami", 2300, "/admin/status/health")
    assert found.start == "bundle exec puma -p 2300"


def test_broken_yaml_of_erb_is_no_problem_of_the_user() -> None:
    found = project({**RAILS, "config/database.yml": "<% x.each do |y| %>\n  a: [<%= y %>\n<% end %>\n"})
    assert found.problems == ()


def test_thruster_stands_before_the_application() -> None:
    docker = 'FROM ruby:3.4\nEXPOSE 80\nCMD ["./bin/thrust", "./bin/rails", "server"]\n'
    found = rails(Dockerfile=docker, config__puma_rb='port ENV.fetch("PORT", 3000)\n')
    assert (found.start, found.port) == ("./bin/thrust ./bin/rails server", 80)
    assert 3000 in [candidate.value for candidate in found.candidates["port"]]
