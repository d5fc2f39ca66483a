# Run with `rackup -p 5555` on the old machine.
require_relative "lib/links"

map "/-/ready" do
  run ->(_env) { Links.connected? ? [200, {}, ["ready"]] : [503, {}, ["waiting"]] }
end

map "/" do
  run Links::App.new
end
