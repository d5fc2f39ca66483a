class Patient < ActiveRecord::Base
  def seen?
    seen_at.present?
  end
end
