resource "google_project_service" "this" {
  for_each = toset([
<% for api in apis %>
    "<[ api ]>",
<% endfor %>
  ])

  service = each.value
  # Others in the project may use the API too: destroying this module does not switch it off.
  disable_on_destroy = false
}
