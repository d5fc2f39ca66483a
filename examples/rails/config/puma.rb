threads_count = ENV.fetch("RAILS_MAX_THREADS", 3)
threads threads_count, threads_count

# port 3000
default_port = 3700
port ENV.fetch("PORT") { default_port }

plugin :tmp_restart
