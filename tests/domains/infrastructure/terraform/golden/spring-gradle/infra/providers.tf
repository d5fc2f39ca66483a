provider "aws" {
  region = var.region

  # On every resource that takes tags: who owns it and what it costs can be told by them.
  default_tags {
    tags = {
      Project     = var.name
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}
