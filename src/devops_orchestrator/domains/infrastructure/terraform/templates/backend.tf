<% if backend == "s3" %>
# One state for each environment, in the bucket that bootstrap/ makes:
#   <[ command ]> init -reconfigure -backend-config=state.s3.tfbackend -backend-config=environments/<[ first ]>.s3.tfbackend
terraform {
  backend "s3" {
    encrypt = true
    # Locks with an object beside the state: no DynamoDB table is needed.
    use_lockfile = true
  }
}
<% elif backend == "gcs" %>
# One state for each environment, in the bucket that bootstrap/ makes (GCS locks and encrypts by itself):
#   <[ command ]> init -reconfigure -backend-config=state.gcs.tfbackend -backend-config=environments/<[ first ]>.gcs.tfbackend
terraform {
  backend "gcs" {}
}
<% elif backend == "azurerm" %>
# One state for each environment; the blob's lease is the lock. The storage account is given at init:
#   <[ command ]> init -reconfigure -backend-config=state.azurerm.tfbackend -backend-config=environments/<[ first ]>.azurerm.tfbackend
terraform {
  backend "azurerm" {
    # Microsoft Entra ID instead of the storage account's key.
    use_azuread_auth = true
  }
}
<% elif backend == "http" %>
# State that GitLab keeps, one for each environment. The addresses hold the project's number and come from the
# environment: TF_HTTP_ADDRESS=$CI_API_V4_URL/projects/$CI_PROJECT_ID/terraform/state/<[ first ]>,
# TF_HTTP_LOCK_ADDRESS and TF_HTTP_UNLOCK_ADDRESS=$TF_HTTP_ADDRESS/lock, TF_HTTP_USERNAME and TF_HTTP_PASSWORD.
terraform {
  backend "http" {
    lock_method = "POST"
    unlock_method = "DELETE"
    # Seconds before another try when GitLab does not answer.
    retry_wait_min = 5
  }
}
<% elif backend == "remote" %>
# The organization comes from TF_CLOUD_ORGANIZATION; <[ command ]> workspace select chooses the environment.
terraform {
  cloud {
    workspaces {
      tags = ["<[ project ]>"]
    }
  }
}
<% else %>
# Asked for: the state stays on the machine that applies. Nobody else can plan or apply, and nothing locks it.
terraform {
  # devops: ignore[terraform/local-backend]
  backend "local" {}
}
<% endif %>
