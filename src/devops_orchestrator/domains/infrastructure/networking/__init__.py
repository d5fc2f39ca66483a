"""The room `infrastructure/networking`: VPC, subnets, firewalls, NAT, VPN."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.infrastructure.networking.params import NetworkingParams
from devops_orchestrator.domains.infrastructure.networking.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="infrastructure/networking",
    title=Text("Networking", "Réseau"),
    summary=Text(
        "VPC, subnets, security groups, firewalls, NAT, VPN, peering, DNS zones",
        "VPC, sous-réseaux, groupes de sécurité, pare-feu, NAT, VPN, peering, zones DNS",
    ),
    params=NetworkingParams,
    kinds=("terraform",),
    rules=RULES,
    examples=(
        Text("My private instances cannot reach the internet", "Mes instances privées n'accèdent pas à internet"),
        Text("Review the network of my Terraform", "Relire le réseau de mon Terraform"),
    ),
)
