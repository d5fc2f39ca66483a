variable "name" {
  description = "Name of the service and of what belongs to it."
  type        = string
  default     = "relay"
}

variable "environment" {
  description = "Environment, for tags."
  type        = string
}

variable "region" {
  description = "Region of AWS."
  type        = string
  default     = "eu-west-3"
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "private_subnet_ids" {
  description = "Subnets of the tasks and of the database."
  type        = list(string)
}

variable "public_subnet_ids" {
  description = "Subnets of the load balancer."
  type        = list(string)
}

variable "certificate_arn" {
  description = "Certificate of the load balancer."
  type        = string
}

variable "image_tag" {
  description = "Tag of the images."
  type        = string
}

variable "api_port" {
  description = "Port on which the API listens."
  type        = number
  default     = 8080
}

variable "api_count" {
  description = "Tasks of the API."
  type        = number
  default     = 2
}

variable "nats_url" {
  description = "Address of NATS."
  type        = string
}

variable "postgres_version" {
  description = "Major version of PostgreSQL."
  type        = string
  default     = "17"
}

variable "db_instance_class" {
  description = "Size of the database."
  type        = string
  default     = "db.t4g.small"
}
