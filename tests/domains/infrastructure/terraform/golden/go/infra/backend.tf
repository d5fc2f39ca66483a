# One state for each environment, in the bucket that bootstrap/ makes (GCS locks and encrypts by itself):
#   terraform init -reconfigure -backend-config=state.gcs.tfbackend -backend-config=environments/staging.gcs.tfbackend
terraform {
  backend "gcs" {}
}
