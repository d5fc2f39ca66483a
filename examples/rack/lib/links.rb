require "mysql2"

# Short links: GET /abc answers with the place where abc leads.
module Links
  def self.database
    @database ||= Mysql2::Client.new(host: ENV["LINKS_DB_HOST"] || "localhost", password: ENV.fetch("LINKS_DB_PASSWORD"))
  end

  def self.connected?
    database.ping
  end

  class App
    def call(env)
      case env["PATH_INFO"]
      when "/", "/favicon.ico" then [404, {}, []]
      when "/-/healthz" then [200, {"content-type" => "text/plain"}, ["ok"]]
      else redirect(env["PATH_INFO"].delete_prefix("/"))
      end
    end

    private

    def redirect(name)
      row = Links.database.prepare("SELECT target FROM links WHERE name = ?").execute(name).first
      row ? [302, {"location" => row["target"]}, []] : [404, {}, []]
    end
  end
end
