environment = "staging"
region      = "eu-west-3"
