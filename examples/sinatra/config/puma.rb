workers Integer(ENV["WEB_CONCURRENCY"] || 2)

# bind "tcp://0.0.0.0:9292"
bind "tcp://0.0.0.0:#{ENV.fetch("WEATHER_PORT", "8181")}"
