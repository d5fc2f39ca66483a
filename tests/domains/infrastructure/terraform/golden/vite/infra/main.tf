# Seen in every plan's outputs: the account that it is for.
data "aws_caller_identity" "current" {}
