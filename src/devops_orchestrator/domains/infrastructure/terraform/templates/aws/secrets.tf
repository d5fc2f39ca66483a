resource "aws_secretsmanager_secret" "this" {
  name = local.prefix
  # Days in which a deleted secret can be brought back.
  recovery_window_in_days = 30
}
