require "sidekiq"

require_relative "../lib/thumbnails/resize_job"

Sidekiq.configure_server do |config|
  config.redis = { url: ENV.fetch("REDIS_URL", "redis://localhost:6379/2") }
end
