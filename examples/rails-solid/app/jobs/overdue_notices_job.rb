class OverdueNoticesJob < ActiveJob::Base
  def perform
    Rails.logger.info("overdue notices sent")
  end
end
