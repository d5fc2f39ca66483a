environment = "production"
region      = "eu-west-3"
