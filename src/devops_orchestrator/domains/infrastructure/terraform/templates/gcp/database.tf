resource "google_sql_database_instance" "this" {
  name = local.prefix
  region = var.region
  database_version = "<[ engine_name ]>"
  deletion_protection = true

  settings {
    edition = "ENTERPRISE"
    tier = var.database_tier
    availability_type = var.database_high_availability ? "REGIONAL" : "ZONAL"
    # Also against a deletion outside Terraform.
    deletion_protection_enabled = true

    backup_configuration {
      enabled = true
<% if mysql %>
      # MySQL's way back to any second.
      binary_log_enabled = true
<% else %>
      point_in_time_recovery_enabled = true
<% endif %>
    }

    ip_configuration {
      # No public address: reached from the network, or through the Auth Proxy.
      ipv4_enabled = false
      private_network = google_compute_network.this.id
      ssl_mode = "ENCRYPTED_ONLY"
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_service_networking_connection.services]
}

resource "google_sql_database" "this" {
  name = "<[ database ]>"
  instance = google_sql_database_instance.this.name
}
