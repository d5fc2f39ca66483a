provider "google" {
  project = var.project_id
  region  = var.region

  # On every resource that takes labels: who owns it and what it costs can be told by them.
  default_labels = {
    project     = var.name
    environment = var.environment
    managed_by  = "terraform"
  }
}
