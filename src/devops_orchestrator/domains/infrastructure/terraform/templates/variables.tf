variable "name" {
  description = "Name of the project: prefix of resources and value of the Project <[ "tag" if cloud == "aws" else "label" ]>."
  type = string
  default = "<[ project ]>"

  validation {
    condition = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.name))
    error_message = "Lower-case letters, digits and dashes, 2 to 24 characters, beginning with a letter."
  }
}

variable "environment" {
  description = "Environment that is planned; environments/<environment>.tfvars sets it."
  type = string

  validation {
    condition = contains(<[ environments | json ]>, var.environment)
    error_message = "One of <[ environments | join(", ") ]>."
  }
}

<% if cloud == "gcp" %>
variable "project_id" {
  description = "ID of the Google Cloud project, by TF_VAR_project_id or in environments/<environment>.tfvars."
  type = string

  validation {
    condition = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project ID (not its number or display name): 6 to 30 lower-case letters, digits and dashes."
  }
}

<% endif %>
variable "region" {
  description = "<[ "AWS" if cloud == "aws" else "Google Cloud" ]> region of the resources."
  type = string

  validation {
<% if cloud == "aws" %>
    condition = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region such as eu-west-3, not an availability zone."
<% else %>
    condition = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region such as europe-west9, not a zone."
<% endif %>
  }
}
<% if "database.tf" in files %>

variable "database_<[ "instance_class" if cloud == "aws" else "tier" ]>" {
  description = "Size of the database's machine."
  type = string
}

variable "database_high_availability" {
  description = "Whether a standby in another zone takes over when the first fails; doubles the price."
  type = bool
}
<% endif %>
<% if "database.tf" in files and cloud == "aws" %>

variable "database_client_security_group_ids" {
  description = "Security groups whose members may connect to the database."
  type = set(string)
  default = []
}
<% endif %>
