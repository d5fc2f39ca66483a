resource "google_secret_manager_secret" "this" {
  secret_id = local.prefix

  replication {
    # Stays in the region of everything else.
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.this]
}
