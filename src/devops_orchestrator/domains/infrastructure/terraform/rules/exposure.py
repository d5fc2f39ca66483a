"""What the internet can reach: ports, buckets; and what ties code to one account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.infrastructure.terraform.rules.edits import edits
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Block, Body, Expression
from devops_orchestrator.project.terraform_modules import module_of, parsed
from devops_orchestrator.text import Text

_WORLD = frozenset(("0.0.0.0/0", "::/0"))
_ADMIN = {22: "SSH", 3389: "RDP", 5985: "WinRM", 5986: "WinRM", 2375: "Docker", 6443: "Kubernetes API"}
_DATA = {
    1433: "SQL Server", 1521: "Oracle", 3306: "MySQL", 5432: "PostgreSQL", 5439: "Redshift", 6379: "Redis", 9042: "Cassandra",
    9200: "Elasticsearch", 2049: "NFS", 445: "SMB", 2379: "etcd", 9092: "Kafka", 11211: "Memcached", 27017: "MongoDB",
}  # fmt: skip


@rule(
    "terraform/open-port", Severity.ERROR, on="terraform",
    title=Text("An administration or database port open to the internet", "Port d'administration ou de base ouvert à Internet"),
    advice=Text(
        "Such ports are scanned within minutes; one weak password or one unpatched server is then enough.",
        "Ces ports sont balayés en quelques minutes ; un mot de passe faible ou un serveur non corrigé suffit alors.",
    ),
    url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
)  # fmt: skip
def open_port(source: Source, project: Project) -> Iterator[Hit]:
    for block in source.parsed(parsed).blocks("resource"):
        for body in _ingress(block):
            world = _world(body)
            if world is None:
                continue
            ports = _ports(body)
            names = {**_ADMIN, **_DATA}
            reached = [
                f"{names[port]} ({port})" for port in sorted(names) if any(low <= port <= high for low, high in ports)
            ]
            if not reached:
                continue
            few = len(reached) <= 3
            en = (
                f"{', '.join(reached)} can be reached from anywhere."
                if few
                else "Every port can be reached from anywhere, administration and databases too."
            )
            fr = (
                f"{', '.join(reached)} : accessible de partout."
                if few
                else "Tous les ports sont accessibles de partout, administration et bases comprises."
            )
            yield Hit(world.start, world.end, Text(en, fr))


def _ingress(block: Block) -> Iterator[Body]:
    if block.label in ("aws_security_group", "aws_default_security_group"):
        yield from (b.body for b in block.body.blocks("ingress"))
    elif block.label == "aws_security_group_rule":
        if block.body.constant("type") == "ingress":
            yield block.body
    elif block.label == "aws_vpc_security_group_ingress_rule" or (
        block.label == "google_compute_firewall" and block.body.constant("direction") in (None, "INGRESS")
    ):
        yield block.body


def _world(body: Body) -> Expression | None:
    """The part of the rule that lets everybody in."""
    for name in ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "source_ranges"):
        value = body.value(name)
        if value is None:
            continue
        for node in value.walk():
            if node.string in _WORLD:
                return node
    return None


def _ports(body: Body) -> list[tuple[int, int]]:
    if "source_ranges" in body.attributes:
        return [span for allow in body.blocks("allow") for span in _firewall_ports(allow.body)]
    protocol = body.constant("protocol") if "protocol" in body.attributes else body.constant("ip_protocol")
    if str(protocol) in ("-1", "all"):
        return [(0, 65535)]
    low, high = body.constant("from_port"), body.constant("to_port")
    try:
        first, last = int(str(low)), int(str(high))
    except ValueError:
        return []  # computed: not known here
    return [(first, last)]


def _firewall_ports(allow: Body) -> Iterator[tuple[int, int]]:
    if str(allow.constant("protocol")).lower() not in ("tcp", "all", "6"):
        return
    value = allow.value("ports")
    if value is None:
        yield 0, 65535
        return
    for text in value.strings():
        if found := re.fullmatch(r"(\d+)(?:-(\d+))?", text):
            yield int(found[1]), int(found[2] or found[1])


_PUBLIC_ACL = frozenset(("public-read", "public-read-write", "authenticated-read", "publicRead", "publicReadWrite"))
_BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
_PUBLIC_MEMBERS = frozenset(("allUsers", "allAuthenticatedUsers"))


@rule(
    "terraform/public-bucket", Severity.ERROR, on="terraform",
    title=Text("A bucket open to the public", "Bucket ouvert au public"),
    advice=Text(
        "Everybody can read (or write) what is put there, the export that somebody drops there next year too. Public content belongs behind a CDN.",
        "Tout le monde peut lire (ou écrire) ce qui s'y trouve, y compris l'export qu'on y déposera dans un an. Un contenu public passe par un CDN.",
    ),
    url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
)  # fmt: skip
def public_bucket(source: Source, project: Project) -> Iterator[Hit]:
    document = source.parsed(parsed)
    for block in document.blocks("resource"):
        body = block.body
        if block.label in ("aws_s3_bucket", "aws_s3_bucket_acl") and body.constant("acl") in _PUBLIC_ACL:
            acl = body.attributes["acl"]
            yield Hit(acl.start, acl.end, Text(f"The ACL is {acl.value.string}.", f"L'ACL est {acl.value.string}."))
        if block.label in ("aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"):
            off = [body.attributes[name] for name in _BLOCKS if body.constant(name) is False]
            if off:
                changes = [hcl.set_value(attribute, "true") for attribute in off]
                fix = Fix(
                    edits(source, changes), safe=False, title=Text("Block public access", "Bloquer l'accès public"),
                    needs=Text("Whoever reads without credentials today loses access.", "Qui lit aujourd'hui sans identifiants perdra l'accès."),
                )  # fmt: skip
                names = ", ".join(attribute.name for attribute in off)
                yield Hit(off[0].start, off[0].end, Text(f"{names} is false.", f"{names} vaut false."), fix)
        if (
            block.label.startswith("google_storage_bucket_iam_")
            or block.label == "google_storage_bucket_access_control"
        ):
            for name in ("member", "members", "entity"):
                for node in value.walk() if (value := body.value(name)) else ():
                    if node.string in _PUBLIC_MEMBERS:
                        yield Hit(node.start, node.end, Text(f"{node.string} has access.", f"{node.string} y a accès."))


_ARN = re.compile(r"\barn:aws[\w-]*:[\w-]*:[\w-]*:(\d{12}):")


@rule(
    "terraform/hardcoded-account", Severity.INFO, on="terraform",
    title=Text("An account number in the code", "Numéro de compte dans le code"),
    advice=Text(
        "The module works in this account alone: another environment silently points at the first one's resources.",
        "Le module ne vaut que pour ce compte : un autre environnement vise sans le dire les ressources du premier.",
    ),
    url="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/caller_identity",
)  # fmt: skip
def hardcoded_account(source: Source, project: Project) -> Iterator[Hit]:
    if not module_of(source.path, project).root:
        return
    for block in source.parsed(parsed).blocks("resource", "data", "module", "locals"):
        for value in block.body.expressions():
            for node in value.walk():
                found = _ARN.search(node.string or "")
                if found and found[1] != "123456789012":
                    yield Hit(
                        node.start, node.end,
                        Text(
                            "This ARN names one account; data.aws_caller_identity.current.account_id or a reference to the resource does not.",
                            "Cet ARN désigne un compte précis ; data.aws_caller_identity.current.account_id ou une référence à la ressource l'évite.",
                        ),
                    )  # fmt: skip


RULES = (open_port, public_bucket, hardcoded_account)
