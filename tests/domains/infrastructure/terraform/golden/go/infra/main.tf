# Seen in every plan's outputs: the project that it is for.
data "google_project" "current" {}
