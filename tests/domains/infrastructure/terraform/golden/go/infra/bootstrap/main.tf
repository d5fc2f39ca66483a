# Made once for each Google Cloud project, before anything else: the bucket of every other state.
#   terraform init && terraform apply
#   terraform output -raw backend > ../state.gcs.tfbackend   (commit that file)
terraform {
  required_version = "~> 1.14"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }

  # On purpose: this module makes the place where states are kept. If its own is lost, `terraform import` brings it back.
  # devops: ignore[terraform/local-backend]
  backend "local" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  default_labels = {
    managed_by = "terraform"
  }
}

resource "google_storage_bucket" "state" {
  # Bucket names are unique in the world; the project's ID makes this one so.
  name     = "${var.project_id}-tfstate"
  location = var.region
  # States hold secrets in clear text: no object can be made public, and access is by IAM alone.
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

  # A state that was overwritten or damaged can be brought back.
  versioning {
    enabled = true
  }

  # The ten newest versions always stay; older ones go after a quarter.
  lifecycle_rule {
    condition {
      num_newer_versions         = 10
      days_since_noncurrent_time = 90
    }

    action {
      type = "Delete"
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

variable "project_id" {
  description = "ID of the Google Cloud project that holds the bucket, by TF_VAR_project_id."
  type        = string
}

variable "region" {
  description = "Google Cloud region of the bucket."
  type        = string
  default     = "europe-west9"
}

output "backend" {
  description = "Content of ../state.gcs.tfbackend."
  value       = <<-EOT
    bucket = "${google_storage_bucket.state.name}"
  EOT
}
