require "prometheus/middleware/exporter"
require_relative "lib/weather/api"

use Prometheus::Middleware::Exporter

map "/weather" do
  run Weather::Api
end
