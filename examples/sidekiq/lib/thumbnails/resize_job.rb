require "aws-sdk-s3"
require "image_processing/vips"
require "sidekiq"

module Thumbnails
  class ResizeJob
    include Sidekiq::Job
    sidekiq_options queue: "resize", retry: 3

    BUCKET = ENV.fetch("THUMBNAILS_BUCKET")

    def perform(key, width)
      # get "/health" belongs to the web application, not to this worker
      ImageProcessing::Vips.source(download(key)).resize_to_limit(width, nil).call
    end

    private

    def download(key)
      Aws::S3::Client.new.get_object(bucket: BUCKET, key: key).body
    end
  end
end
