"""AWS resources with too many rights, or reachable where they should not be."""

from __future__ import annotations

import json
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Block, Expression
from devops_orchestrator.text import Text


def _resources(source: Source, *types: str) -> Iterator[Block]:
    for block in source.parsed(hcl.parse).blocks("resource"):
        if block.label in types:
            yield block


def _all(value: Expression | None) -> bool:
    """Whether an expression is `"*"` or a list that holds it."""
    return value is not None and (value.string == "*" or "*" in value.strings())


@rule(
    "aws/wildcard-policy", Severity.ERROR, on="terraform",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    title=Text("A policy that allows everything", "Une politique qui autorise tout"),
    advice=Text(
        "Whoever takes over what has this policy owns the account. Name the actions and the resources.",
        "Qui prend la main sur ce qui porte cette politique possède le compte. Nommez les actions et les ressources.",
    ),
)  # fmt: skip
def wildcard_policy(source: Source, project: Project) -> Iterator[Hit]:
    """A policy document that allows `*` on `*`: as a data source, by `jsonencode`, or as JSON text."""
    for block in source.parsed(hcl.parse).blocks("data"):
        if block.label != "aws_iam_policy_document":
            continue
        for statement in block.body.blocks("statement"):
            allows = statement.body.constant("effect") in (None, "Allow")
            actions = statement.body.value("actions")
            if allows and actions and _all(actions) and _all(statement.body.value("resources")):
                yield _hit(actions.start, actions.end, block.name)
    for block in _resources(
        source, "aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"
    ):
        policy = block.body.value("policy")
        if policy is None:
            continue
        if policy.kind == "call" and policy.value == "jsonencode" and policy.parts:
            statements = policy.parts[0].get("Statement")
            entries = (
                statements.unwrapped.parts
                if statements and statements.kind == "tuple"
                else (statements,)
                if statements
                else ()
            )
            for entry in entries:
                action = entry.get("Action")
                if (
                    action
                    and _all(action)
                    and _all(entry.get("Resource"))
                    and (entry.get("Effect") or action).string != "Deny"
                ):
                    yield _hit(action.start, action.end, block.name)
        elif policy.string and _json_allows_all(policy.string):
            yield _hit(policy.start, policy.end, block.name)


def _json_allows_all(text: str) -> bool:
    try:
        statements = json.loads(text).get("Statement", [])
    except (ValueError, AttributeError):
        return False
    entries = statements if isinstance(statements, list) else [statements]
    return any(
        isinstance(entry, dict) and entry.get("Effect") == "Allow"
        and "*" in ([entry.get("Action")] if isinstance(entry.get("Action"), str) else entry.get("Action") or [])
        and "*" in ([entry.get("Resource")] if isinstance(entry.get("Resource"), str) else entry.get("Resource") or [])
        for entry in entries
    )  # fmt: skip


def _hit(start: int, end: int, name: str) -> Hit:
    return Hit(start, end, Text(f"{name} allows * on *.", f"{name} autorise * sur *."))


@rule(
    "aws/metadata-v1", Severity.WARNING, on="terraform",
    url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
    title=Text("Instance metadata without a token", "Métadonnées d'instance sans jeton"),
    advice=Text(
        "A request forged through the application reads the instance's credentials. With IMDSv2 it needs a token that such a request cannot get.",
        "Une requête forgée à travers l'application lit les identifiants de l'instance. Avec IMDSv2, il faut un jeton qu'elle ne peut obtenir.",
    ),
)  # fmt: skip
def metadata_v1(source: Source, project: Project) -> Iterator[Hit]:
    """An instance or a launch template whose `http_tokens` is not `required`."""
    document = source.parsed(hcl.parse)
    for block in _resources(source, "aws_instance", "aws_launch_template"):
        options = block.body.block("metadata_options")
        tokens = options.body.attributes.get("http_tokens") if options else None
        if tokens is not None and tokens.value.string in ("required", None):
            continue
        if tokens is not None:
            edit = hcl.set_value(tokens, '"required"')
        elif options is not None:
            edit = hcl.insert(document, options, 'http_tokens = "required"')
        else:
            edit = hcl.insert(document, block, '\nmetadata_options {\n  http_tokens = "required"\n}')
        place = tokens.value if tokens else None
        yield Hit(
            place.start if place else block.start, place.end if place else block.header_end,
            Text(f"{block.name} answers metadata without a token.", f"{block.name} donne ses métadonnées sans jeton."),
            fix=Fix(
                (source.edit(*edit),), safe=False, title=Text("require IMDSv2", "exiger IMDSv2"),
                needs=Text("SDKs of 2020 or later on the instance", "des SDK de 2020 ou plus récents sur l'instance"),
            ),
        )  # fmt: skip


@rule(
    "aws/public-database", Severity.ERROR, on="terraform",
    url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    title=Text("A database with a public address", "Une base de données à adresse publique"),
    advice=Text(
        "Only its security group stands between it and everybody. Put it in private subnets and go through the VPC.",
        "Seul son groupe de sécurité la sépare du reste du monde. Placez-la dans des sous-réseaux privés et passez par le VPC.",
    ),
)  # fmt: skip
def public_database(source: Source, project: Project) -> Iterator[Hit]:
    """`publicly_accessible = true` on RDS, its cluster instances, Redshift or DMS."""
    for block in _resources(
        source, "aws_db_instance", "aws_rds_cluster_instance", "aws_redshift_cluster", "aws_dms_replication_instance"
    ):
        attribute = block.body.attributes.get("publicly_accessible")
        if attribute is not None and attribute.value.constant is True:
            yield Hit(
                attribute.start, attribute.end,
                Text(f"{block.name} is publicly accessible.", f"{block.name} est accessible publiquement."),
                fix=Fix(
                    (source.edit(attribute.value.start, attribute.value.end, "false"),), safe=False,
                    title=Text("make it private", "la rendre privée"),
                    needs=Text("nobody connects from outside the VPC", "personne ne s'y connecte de l'extérieur du VPC"),
                ),
            )  # fmt: skip


RULES: tuple[Rule, ...] = (wildcard_policy, metadata_v1, public_database)
