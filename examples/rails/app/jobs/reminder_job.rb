class ReminderJob < ActiveJob::Base
  queue_as :mailers

  def perform(patient)
    Sms.deliver(patient.phone, token: Rails.configuration.x.sms_token)
  end
end
