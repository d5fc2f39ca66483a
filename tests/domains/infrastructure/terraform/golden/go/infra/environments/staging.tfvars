environment = "staging"
region      = "europe-west9"
