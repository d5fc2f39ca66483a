resource "aws_s3_bucket" "this" {
  # Bucket names are unique in the world: AWS appends its own suffix.
  bucket_prefix = "${local.prefix}-"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id
  block_public_acls = true
  block_public_policy = true
  ignore_public_acls = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  # Versioning has to be on before rules on versions mean anything.
  depends_on = [aws_s3_bucket_versioning.this]

  bucket = aws_s3_bucket.this.id

  rule {
    id = "old-versions"
    status = "Enabled"
    filter {}

    # A month to notice that an object was overwritten or deleted.
    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    # Parts of an upload that broke off are paid for and not seen.
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}
