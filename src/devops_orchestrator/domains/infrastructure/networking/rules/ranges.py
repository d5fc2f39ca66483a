"""Networks that do not fit into each other, and doors that are wider than their purpose."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Block, Expression
from devops_orchestrator.text import Text

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SUBNETS = {"aws_subnet": ("cidr_block", "vpc_id"), "google_compute_subnetwork": ("ip_cidr_range", "network")}


def _network(value: Expression | None) -> Network | None:
    try:
        return ipaddress.ip_network(value.string, strict=False) if value is not None and value.string else None
    except ValueError:
        return None


def _subnets(source: Source) -> Iterator[tuple[Block, Expression, Network, tuple[str, ...]]]:
    """(block, expression of its range, range, path of its network) of each subnet with a constant range."""
    for block in source.parsed(hcl.parse).blocks("resource"):
        if block.label not in SUBNETS:
            continue
        range_name, parent_name = SUBNETS[block.label]
        value, parent = block.body.value(range_name), block.body.value(parent_name)
        network = _network(value)
        if value is not None and network is not None and parent is not None and parent.kind == "reference":
            yield block, value, network, parent.path


@rule(
    "networking/overlapping-subnets", Severity.ERROR, on="terraform",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
    title=Text("Two subnets that overlap", "Deux sous-réseaux qui se chevauchent"),
    advice=Text("The cloud refuses the second one at apply.", "Le cloud refuse le second au moment de l'apply."),
)  # fmt: skip
def overlapping_subnets(source: Source, project: Project) -> Iterator[Hit]:
    """Two subnets of one network, in one file, with constant ranges that overlap."""
    seen: list[tuple[Block, Expression, Network, tuple[str, ...]]] = []
    for block, value, network, parent in _subnets(source):
        for other, place, taken, same_parent in seen:
            if parent == same_parent and network.version == taken.version and network.overlaps(taken):
                line, _ = source.lines.place(place.start)
                yield Hit(
                    value.start, value.end,
                    Text(f"{network} overlaps {taken} of {other.name}.", f"{network} chevauche {taken} de {other.name}."),
                    related=(Related(source.path, line, Text("the other subnet", "l'autre sous-réseau")),),
                )  # fmt: skip
        seen.append((block, value, network, parent))


@rule(
    "networking/subnet-outside-vpc", Severity.ERROR, on="terraform",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
    title=Text("A subnet outside its VPC", "Un sous-réseau hors de son VPC"),
    advice=Text("AWS refuses it at apply.", "AWS le refuse au moment de l'apply."),
)  # fmt: skip
def subnet_outside_vpc(source: Source, project: Project) -> Iterator[Hit]:
    """A subnet whose range is not inside the `cidr_block` of the VPC of the same file that it refers to."""
    vpcs = {
        block.name: network
        for block in source.parsed(hcl.parse).blocks("resource")
        if block.label == "aws_vpc" and (network := _network(block.body.value("cidr_block")))
        and not any(other.label == "aws_vpc_ipv4_cidr_block_association" for other in source.parsed(hcl.parse).blocks("resource"))
    }  # fmt: skip
    for _, value, network, parent in _subnets(source):
        vpc = vpcs.get(parent[1]) if len(parent) > 1 and parent[0] == "aws_vpc" else None
        if vpc is not None and network.version == vpc.version and not network.subnet_of(vpc):  # type: ignore[arg-type]
            yield Hit(
                value.start, value.end,
                Text(f"{network} is not inside {vpc}.", f"{network} n'est pas dans {vpc}."),
            )  # fmt: skip


@rule(
    "networking/all-ports-open", Severity.ERROR, on="terraform",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    title=Text("Every port open to everybody", "Tous les ports ouverts à tous"),
    advice=Text(
        "Whatever will ever listen on this machine is on the internet. Name the ports.",
        "Tout ce qui écoutera un jour sur cette machine sera sur internet. Nommez les ports.",
    ),
)  # fmt: skip
def all_ports_open(source: Source, project: Project) -> Iterator[Hit]:
    """Ingress from anywhere with protocol -1 or ports 0 to 65535; a Google firewall that allows `all` from anywhere."""
    for block in source.parsed(hcl.parse).blocks("resource"):
        if block.label in ("aws_security_group", "aws_default_security_group"):
            for ingress in block.body.blocks("ingress"):
                if _anywhere(ingress.body.value("cidr_blocks")) and _every_port(ingress):
                    yield _open(block, ingress)
        elif block.label == "aws_security_group_rule" and block.body.constant("type") == "ingress":
            if _anywhere(block.body.value("cidr_blocks")) and _every_port(block):
                yield _open(block, block)
        elif block.label == "aws_vpc_security_group_ingress_rule":
            if block.body.constant("cidr_ipv4") == "0.0.0.0/0" and block.body.constant("ip_protocol") == "-1":
                yield _open(block, block)
        elif block.label == "google_compute_firewall" and _anywhere(block.body.value("source_ranges")):
            for allow in block.body.blocks("allow"):
                if allow.body.constant("protocol") == "all":
                    yield _open(block, allow)


def _anywhere(value: Expression | None) -> bool:
    return value is not None and bool({"0.0.0.0/0", "::/0"} & set(value.strings()))


def _every_port(block: Block) -> bool:
    if str(block.body.constant("protocol")) in ("-1", "all"):
        return True
    return block.body.constant("from_port") == 0 and block.body.constant("to_port") == 65535


def _open(block: Block, place: Block) -> Hit:
    return Hit(
        place.start, place.header_end,
        Text(f"{block.name} admits everybody on every port.", f"{block.name} accepte tout le monde sur tous les ports."),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (overlapping_subnets, subnet_outside_vpc, all_ports_open)
