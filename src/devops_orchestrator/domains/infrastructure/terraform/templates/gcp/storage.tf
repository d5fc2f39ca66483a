resource "google_storage_bucket" "this" {
  # Bucket names are unique in the world; the project's number makes this one so.
  name = "${local.prefix}-${data.google_project.current.number}"
  location = var.region
  public_access_prevention = "enforced"
  uniform_bucket_level_access = true

  versioning {
    enabled = true
  }

  # A month to notice that an object was overwritten or deleted.
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 30
    }

    action {
      type = "Delete"
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}
