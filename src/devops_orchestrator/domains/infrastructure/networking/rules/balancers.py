"""Rules over load balancers: in how many zones they stand, and what the browser's traffic is sent through."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats.hcl import Block, Expression
from devops_orchestrator.project.terraform_modules import Module, module_of, modules, parsed
from devops_orchestrator.text import Text

BALANCERS = ("aws_lb", "aws_alb")
LISTENERS = ("aws_lb_listener", "aws_alb_listener")


@rule(
    "networking/single-zone", Severity.ERROR, on="terraform", url="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
    title=Text("A load balancer or a database in one zone alone", "Un équilibreur ou une base dans une seule zone"),
    advice=Text(
        "AWS refuses it at apply: an application load balancer and a database's subnet group need subnets in two availability zones.",
        "AWS le refuse au moment de l'apply : un équilibreur applicatif et le groupe de sous-réseaux d'une base exigent deux zones de disponibilité.",
    ),
)  # fmt: skip
def single_zone(source: Source, project: Project) -> Iterator[Hit]:
    """A list of one subnet, or of subnets that all have one constant zone."""
    module = module_of(source.path, project)
    for block in source.parsed(parsed).blocks("resource"):
        name = "subnets" if block.label in BALANCERS else "subnet_ids" if block.label == "aws_db_subnet_group" else None
        value = block.body.value(name) if name else None
        kind = block.body.constant("load_balancer_type")
        if value is None or value.kind != "tuple" or (block.label in BALANCERS and kind not in (None, "application")):
            continue
        zones = [_zone(part, module) for part in value.parts]
        if None in zones or not zones or len(set(zones)) > 1:
            continue
        zone = zones[0] or ""
        alone = len(zones) == 1
        yield Hit(
            value.start, value.end,
            Text(
                f"{block.name} has one subnet alone." if alone else f"All subnets of {block.name} are in {zone}.",
                f"{block.name} n'a qu'un sous-réseau." if alone else f"Tous les sous-réseaux de {block.name} sont dans {zone}.",
            ),
        )  # fmt: skip


def _zone(part: Expression, module: Module) -> str | None:
    """The zone of a subnet that is one resource of the module (its name where the zone is not told); None for others."""
    path = part.path if part.kind == "reference" else ()
    if len(path) != 3 or path[0] != "aws_subnet" or path[2] != "id":
        return None
    place = next(
        (p for p in module.blocks("resource") if p.block.label == "aws_subnet" and p.block.name == path[1]), None
    )
    if place is None or {"count", "for_each"} & set(place.block.body.attributes):
        return None
    zone = module.constant(place.block.body.value("availability_zone"))
    return str(zone) if zone is not None else f"subnet {path[1]}"


@rule(
    "networking/plain-http", Severity.WARNING, on="terraform", url="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
    title=Text("A public load balancer without TLS", "Un équilibreur public sans TLS"),
    advice=Text(
        "Passwords and session cookies cross the internet in clear. Add an HTTPS listener with a certificate, and let port 80 redirect to it.",
        "Mots de passe et cookies de session traversent Internet en clair. Ajoutez un écouteur HTTPS avec un certificat, et redirigez le port 80 vers lui.",
    ),
)  # fmt: skip
def plain_http(source: Source, project: Project) -> Iterator[Hit]:
    """An HTTP listener that forwards, where its public load balancer has no HTTPS listener and no CDN in front of it."""
    module = module_of(source.path, project)
    resources = [place.block for place in module.blocks("resource")]
    if not module.complete or _fronted(project):
        return
    listeners = [b for b in resources if b.label in LISTENERS]
    for block in source.parsed(parsed).blocks("resource"):
        if block.label not in LISTENERS or block.body.constant("protocol") != "HTTP" or not _forwards(block):
            continue
        balancer = _balancer(block, resources)
        if balancer is None or (
            balancer.body.constant("internal") is not None and balancer.body.constant("internal") is not False
        ):
            continue
        if "internal" in balancer.body.attributes and balancer.body.constant("internal") is None:
            continue  # a variable decides
        beside = [b for b in listeners if _balancer(b, resources) is balancer]
        if any(b.body.constant("protocol") in ("HTTPS", "TLS", None) for b in beside):
            continue
        attribute = block.body.attributes["protocol"]
        yield Hit(
            attribute.start, attribute.end,
            Text(f"{balancer.name} is public and has no HTTPS listener.", f"{balancer.name} est public et n'a pas d'écouteur HTTPS."),
        )  # fmt: skip


def _fronted(project: Project) -> bool:
    """Whether some module of the repository puts something in front of its load balancers that speaks TLS."""
    front = ("aws_cloudfront_distribution", "aws_apigatewayv2_vpc_link", "cloudflare_record", "cloudflare_dns_record")
    places = (place for module in modules(project).values() for place in module.blocks("resource"))
    return any(place.block.label in front for place in places)


def _forwards(block: Block) -> bool:
    return any(action.body.constant("type") == "forward" for action in block.body.blocks("default_action"))


def _balancer(listener: Block, resources: list[Block]) -> Block | None:
    """The load balancer of the module that a listener belongs to."""
    value = listener.body.value("load_balancer_arn")
    path = value.path if value is not None and value.kind == "reference" else ()
    return next(
        (b for b in resources if len(path) > 1 and b.label in BALANCERS and (b.label, b.name) == path[:2]), None
    )


RULES: tuple[Rule, ...] = (single_zone, plain_http)
