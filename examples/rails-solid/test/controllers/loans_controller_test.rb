require "test_helper"

class LoansControllerTest < ActionDispatch::IntegrationTest
  test "lists loans" do
    get loans_url
    assert_response :success
  end
end
