output "project_number" {
  description = "Number of the project that this plan is for: the first thing to check in a plan."
  value = data.google_project.current.number
}
<% if "network.tf" in files %>

output "network_id" {
  description = "ID of the VPC network."
  value = google_compute_network.this.id
}

output "subnetwork_id" {
  description = "ID of the subnetwork."
  value = google_compute_subnetwork.this.id
}
<% endif %>
<% if "storage.tf" in files %>

output "bucket" {
  description = "Name of the application's bucket."
  value = google_storage_bucket.this.name
}
<% endif %>
<% if "registry.tf" in files %>

output "registry_url" {
  description = "What images are tagged with before a push."
  value = "${google_artifact_registry_repository.this.location}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.this.repository_id}"
}
<% endif %>
<% if "database.tf" in files %>

output "database_connection_name" {
  description = "Name that the Cloud SQL Auth Proxy connects to."
  value = google_sql_database_instance.this.connection_name
}
<% endif %>
<% if "queue.tf" in files %>

output "topic" {
  description = "ID of the Pub/Sub topic."
  value = google_pubsub_topic.this.id
}
<% endif %>
<% if "secrets.tf" in files %>

output "secret_id" {
  description = "ID of the application's secret; its value is written outside Terraform."
  value = google_secret_manager_secret.this.id
}
<% endif %>
