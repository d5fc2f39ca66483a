output "project_number" {
  description = "Number of the project that this plan is for: the first thing to check in a plan."
  value       = data.google_project.current.number
}
