output "address" {
  description = "Name of the load balancer."
  value       = aws_lb.api.dns_name
}

output "repositories" {
  description = "Where the images are pushed."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}
