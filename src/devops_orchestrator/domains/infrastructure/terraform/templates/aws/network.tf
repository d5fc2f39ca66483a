data "aws_availability_zones" "available" {
  state = "available"
  # Local Zones and Wavelength Zones take neither a NAT gateway nor a database.
  filter {
    name = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  # Two zones: what RDS and a load balancer ask for at least.
  zones = slice(data.aws_availability_zones.available.names, 0, 2)
}

resource "aws_vpc" "this" {
  # 65,536 addresses. A peering later needs ranges that do not overlap: agree on it with whoever owns the network.
  cidr_block = "10.0.0.0/16"
  enable_dns_support = true
  # RDS and VPC endpoints are reached by name.
  enable_dns_hostnames = true

  tags = {
    Name = local.prefix
  }
}

# The default security group allows everything between its members: emptied, nothing can rely on it.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
}

# No way out to the internet. NAT, public subnets and endpoints are the networking agent's work.
resource "aws_subnet" "private" {
  for_each = { for index, zone in local.zones : zone => index }

  vpc_id = aws_vpc.this.id
  availability_zone = each.key
  # /20: 4,091 usable addresses in each zone, fourteen more of them left for public and other subnets.
  cidr_block = cidrsubnet(aws_vpc.this.cidr_block, 4, each.value)

  tags = {
    Name = "${local.prefix}-private-${each.key}"
  }
}
