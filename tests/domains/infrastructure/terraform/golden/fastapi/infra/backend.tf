# One state for each environment, in the bucket that bootstrap/ makes:
#   terraform init -reconfigure -backend-config=state.s3.tfbackend -backend-config=environments/staging.s3.tfbackend
terraform {
  backend "s3" {
    encrypt = true
    # Locks with an object beside the state: no DynamoDB table is needed.
    use_lockfile = true
  }
}
