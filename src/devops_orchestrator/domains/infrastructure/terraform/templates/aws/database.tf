resource "aws_db_subnet_group" "this" {
  name = local.prefix
  subnet_ids = values(aws_subnet.private)[*].id
}

resource "aws_security_group" "database" {
  name_prefix = "${local.prefix}-database-"
  description = "Connections to the database"
  vpc_id = aws_vpc.this.id

  lifecycle {
    # A group in use cannot be deleted: the new one comes first.
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  for_each = var.database_client_security_group_ids

  security_group_id = aws_security_group.database.id
  referenced_security_group_id = each.value
  ip_protocol = "tcp"
  from_port = aws_db_instance.this.port
  to_port = aws_db_instance.this.port
}

resource "aws_db_instance" "this" {
  identifier = local.prefix
  engine = "<[ engine_name ]>"
<% if engine_version %>
  # As in <[ engine_evidence ]>.
  engine_version = "<[ engine_version ]>"
<% endif %>
  instance_class = var.database_instance_class
  db_name = "<[ database ]>"
  username = "<[ database ]>"
  # The password lives in Secrets Manager and rotates there; it is in no variable and not in the state.
  manage_master_user_password = true

  storage_type = "gp3"
  storage_encrypted = true
  # GiB: the least that gp3 takes; it grows by itself up to five times that.
  allocated_storage = 20
  max_allocated_storage = 100

  db_subnet_group_name = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible = false
  multi_az = var.database_high_availability

  # Days: a week covers a mistake made before a weekend.
  backup_retention_period = 7
  copy_tags_to_snapshot = true
  deletion_protection = true
  final_snapshot_identifier = "${local.prefix}-final"

  lifecycle {
    prevent_destroy = true
  }
}
