terraform {
  # The oldest Terraform release that still gets fixes; `~>` stays below 2.0.
  required_version = "~> 1.14"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }
}
