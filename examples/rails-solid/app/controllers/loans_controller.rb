class LoansController < ActionController::Base
  def index
    render plain: "loans"
  end

  def create
    head :created
  end
end
