require "rails_helper"

RSpec.describe "health" do
  it "answers" do
    get "/internal/health"
    expect(response).to have_http_status(:ok)
  end
end
