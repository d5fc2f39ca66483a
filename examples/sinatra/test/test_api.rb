ENV["PROVIDER_KEY"] = "test"

require "minitest/autorun"
require "rack/test"
require_relative "../lib/weather/api"

class TestApi < Minitest::Test
  include Rack::Test::Methods

  def app = Weather::Api

  def test_health
    get "/_/health"
    assert last_response.ok?
  end
end
