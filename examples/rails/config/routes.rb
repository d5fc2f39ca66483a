Rails.application.routes.draw do
  # get "up" => "rails/health#show"
  scope :internal do
    get "health" => "rails/health#show", as: :rails_health_check
  end

  namespace :api do
    resources :patients, only: [:index, :show] do
      get :status, on: :member
    end
  end
end
