resource "google_artifact_registry_repository" "this" {
  repository_id = local.prefix
  location = var.region
  format = "DOCKER"
  description = "Images of ${var.name}"

  docker_config {
    # A tag that was deployed always means the same image.
    immutable_tags = true
  }

  # Images older than a quarter go...
  cleanup_policies {
    id = "old"
    action = "DELETE"

    condition {
      tag_state = "ANY"
      older_than = "90d"
    }
  }

  # ...but never the last 30: enough to roll back, however seldom there is a release.
  cleanup_policies {
    id = "newest"
    action = "KEEP"

    most_recent_versions {
      keep_count = 30
    }
  }

  depends_on = [google_project_service.this]
}
