require "json"
require "dalli"
require "sinatra/base"
require "sinatra/namespace"

module Weather
  class Api < Sinatra::Base
    register Sinatra::Namespace

    set :cache, Dalli::Client.new(ENV.fetch("MEMCACHED_SERVERS", "localhost:11211"))
    set :provider_key, ENV.fetch("PROVIDER_KEY")

    get "/:city" do
      settings.cache.fetch(params[:city], 300) { {city: params[:city], degrees: 20}.to_json }
    end

    # get "/healthz" stood here before the namespace
    namespace "/_" do
      get "/health" do
        content_type :json
        {status: "ok"}.to_json
      end
    end
  end
end
