environment = "production"
region      = "europe-west9"
