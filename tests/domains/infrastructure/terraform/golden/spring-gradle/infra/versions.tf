terraform {
  # The oldest Terraform release that still gets fixes; `~>` stays below 2.0.
  required_version = "~> 1.14"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.38"
    }
  }
}
