environment        = "production"
vpc_id             = "vpc-0a1b2c3d4e5f60718"
private_subnet_ids = ["subnet-0aa11bb22cc33dd44", "subnet-0bb11cc22dd33ee44"]
public_subnet_ids  = ["subnet-0cc11dd22ee33ff44", "subnet-0dd11ee22ff33aa44"]
certificate_arn    = "arn:aws:acm:eu-west-3:123456789012:certificate/7d1f6f2a-3f0e-4c63-9a5b-2f8f3a0f4b11"
nats_url           = "nats://nats.acme.internal:4222"
api_count          = 4
db_instance_class  = "db.m7g.large"
