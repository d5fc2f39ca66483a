resource "google_compute_network" "this" {
  name = local.prefix
  # Only the subnetworks below, not one in every region of the world.
  auto_create_subnetworks = false

  depends_on = [google_project_service.this]
}

resource "google_compute_subnetwork" "this" {
  name = local.prefix
  network = google_compute_network.this.id
  region = var.region
  # /20: 4,092 usable addresses. A peering later needs ranges that do not overlap.
  ip_cidr_range = "10.0.0.0/20"
  # Google APIs are reached without an external address.
  private_ip_google_access = true
}
<% if "database.tf" in files %>

# Cloud SQL lives in a network of Google's: this range is set aside for it and joined by a peering.
resource "google_compute_global_address" "services" {
  name = "${local.prefix}-services"
  network = google_compute_network.this.id
  purpose = "VPC_PEERING"
  address_type = "INTERNAL"
  # /20: Cloud SQL takes a /24 for each region.
  prefix_length = 20
}

resource "google_service_networking_connection" "services" {
  network = google_compute_network.this.id
  service = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
}
<% endif %>
