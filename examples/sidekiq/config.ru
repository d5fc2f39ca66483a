# The dashboard, on the operators' own machines: rackup -p 9393
require "sidekiq/web"

run Sidekiq::Web
