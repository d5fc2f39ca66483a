ENV["THUMBNAILS_BUCKET"] = "test"

require_relative "../lib/thumbnails/resize_job"

RSpec.describe Thumbnails::ResizeJob do
  it "goes to the queue of resizing" do
    expect(described_class.get_sidekiq_options["queue"]).to eq("resize")
  end
end
