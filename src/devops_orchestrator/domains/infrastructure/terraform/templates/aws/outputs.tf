output "account_id" {
  description = "AWS account that this plan is for: the first thing to check in a plan."
  value = data.aws_caller_identity.current.account_id
}
<% if "network.tf" in files %>

output "vpc_id" {
  description = "ID of the VPC."
  value = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "IDs of the private subnets, one in each availability zone."
  value = values(aws_subnet.private)[*].id
}
<% endif %>
<% if "storage.tf" in files %>

output "bucket" {
  description = "Name of the application's bucket."
  value = aws_s3_bucket.this.bucket
}
<% endif %>
<% if "registry.tf" in files %>

output "registry_url" {
  description = "What images are tagged with before a push."
  value = aws_ecr_repository.this.repository_url
}
<% endif %>
<% if "database.tf" in files %>

output "database_endpoint" {
  description = "Host and port of the database."
  value = aws_db_instance.this.endpoint
}

output "database_secret_arn" {
  description = "Secret of Secrets Manager that holds the user and the password."
  value = aws_db_instance.this.master_user_secret[0].secret_arn
}
<% endif %>
<% if "table.tf" in files %>

output "table_name" {
  description = "Name of the DynamoDB table."
  value = aws_dynamodb_table.this.name
}
<% endif %>
<% if "queue.tf" in files %>

output "queue_url" {
  description = "URL of the queue."
  value = aws_sqs_queue.this.url
}
<% endif %>
<% if "secrets.tf" in files %>

output "secret_arn" {
  description = "ARN of the application's secret; its value is written outside Terraform."
  value = aws_secretsmanager_secret.this.arn
}
<% endif %>
