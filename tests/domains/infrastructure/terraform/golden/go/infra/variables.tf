variable "name" {
  description = "Name of the project: prefix of resources and value of the Project label."
  type        = string
  default     = "go"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.name))
    error_message = "Lower-case letters, digits and dashes, 2 to 24 characters, beginning with a letter."
  }
}

variable "environment" {
  description = "Environment that is planned; environments/<environment>.tfvars sets it."
  type        = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "One of staging, production."
  }
}

variable "project_id" {
  description = "ID of the Google Cloud project, by TF_VAR_project_id or in environments/<environment>.tfvars."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project ID (not its number or display name): 6 to 30 lower-case letters, digits and dashes."
  }
}

variable "region" {
  description = "Google Cloud region of the resources."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region such as europe-west9, not a zone."
  }
}
