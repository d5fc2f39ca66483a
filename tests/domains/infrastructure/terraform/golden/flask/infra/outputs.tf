output "account_id" {
  description = "AWS account that this plan is for: the first thing to check in a plan."
  value       = data.aws_caller_identity.current.account_id
}
