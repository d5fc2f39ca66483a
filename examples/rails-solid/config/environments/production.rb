Rails.application.configure do
  config.eager_load = true
  config.cache_store = :solid_cache_store
  config.active_job.queue_adapter = :solid_queue
  config.solid_queue.connects_to = { database: { writing: :queue } }
  config.log_level = ENV.fetch("RAILS_LOG_LEVEL", "info")
end
