module Api
  class PatientsController < ActionController::API
    def index
      render json: Patient.order(:name)
    end

    def show
      render json: Patient.find(params[:id])
    end

    def status
      render json: { seen: Patient.find(params[:id]).seen? }
    end
  end
end
