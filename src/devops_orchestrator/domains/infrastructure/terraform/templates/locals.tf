locals {
  # Names begin with it, so that two environments can share <[ "an account" if cloud == "aws" else "a project" ]>.
  prefix = "${var.name}-${var.environment}"
}
