require_relative "../lib/links"

RSpec.describe Links::App do
  it "is well" do
    expect(described_class.new.call("PATH_INFO" => "/-/healthz").first).to eq(200)
  end
end
