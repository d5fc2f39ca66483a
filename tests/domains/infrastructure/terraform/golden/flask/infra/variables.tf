variable "name" {
  description = "Name of the project: prefix of resources and value of the Project tag."
  type        = string
  default     = "flask"

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

variable "region" {
  description = "AWS region of the resources."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region such as eu-west-3, not an availability zone."
  }
}
