"""Rules over ECS: task definitions, the services that run them, and the application in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats.hcl import Block, Expression
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.project.terraform_modules import Module, Place, module_of, parsed
from devops_orchestrator.text import Text

TASKS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html"


def _resources(source: Source, *types: str) -> Iterator[Block]:
    for block in source.parsed(parsed).blocks("resource"):
        if block.label in types:
            yield block


def _containers(block: Block) -> list[Expression] | None:
    """The container definitions of a task definition; None where they are in a template, a file or a variable."""
    value = block.body.value("container_definitions")
    if value is None or value.kind != "call" or value.value != "jsonencode" or not value.parts:
        return None
    parts = value.parts[0].unwrapped
    found = [part.unwrapped for part in parts.parts] if parts.kind == "tuple" else []
    return found if found and all(part.kind == "object" for part in found) else None


def _written(text: str, value: Expression) -> str:
    return text[value.start : value.end].strip()


def _same(module: Module, here: tuple[str, Expression], there: tuple[str, Expression]) -> bool | None:
    """Whether two expressions of two files are equal: by their text, else by their constants; None where nobody can tell."""
    if _written(*here) == _written(*there):
        return True
    one, other = module.constant(here[1]), module.constant(there[1])
    return None if one is None or other is None else str(one) == str(other)


@rule(
    "aws/no-such-container", Severity.ERROR, on="terraform", url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html",
    title=Text("A load balancer in front of a container that is not there", "Un équilibreur devant un conteneur inexistant"),
    advice=Text(
        "ECS refuses the service at apply: the container and its port must stand in the task definition.",
        "ECS refuse le service au moment de l'apply : le conteneur et son port doivent figurer dans la définition de tâche.",
    ),
)  # fmt: skip
def no_such_container(source: Source, project: Project) -> Iterator[Hit]:
    """`container_name` and `container_port` of a service against the task definition that it names."""
    module = module_of(source.path, project)
    tasks = {p.block.name: p for p in module.blocks("resource") if p.block.label == "aws_ecs_task_definition"}
    for service in _resources(source, "aws_ecs_service"):
        task = service.body.value("task_definition")
        path = next((r.path for r in task.references if r.path[0] == "aws_ecs_task_definition"), ()) if task else ()
        place = tasks.get(path[1]) if len(path) > 1 else None
        containers = _containers(place.block) if place is not None else None
        if place is None or containers is None:
            continue
        for balancer in service.body.blocks("load_balancer"):
            yield from _unmatched(source, module, balancer, place, containers)


def _unmatched(
    source: Source, module: Module, balancer: Block, place: Place, containers: list[Expression]
) -> Iterator[Hit]:
    name, port = balancer.body.value("container_name"), balancer.body.value("container_port")
    text = place.document.text
    line = Lines(text).place(place.block.start)[0]
    where = (Related(place.path, line, Text("the task definition", "la définition de tâche")),)
    names = [one for one in (container.get("name") for container in containers) if one is not None]
    if name is None or not names or len(names) != len(containers):
        return
    same = [_same(module, (source.text, name), (text, one)) for one in names]
    if None in same:
        return
    if True not in same:
        listed = ", ".join(str(module.constant(one)) for one in names)
        yield Hit(
            name.start, name.end,
            Text(f"No container is called {module.constant(name)}: there are {listed}.", f"Aucun conteneur ne s'appelle {module.constant(name)} : il y a {listed}."),
            related=where,
        )  # fmt: skip
        return
    mappings = containers[same.index(True)].get("portMappings")
    ports = [
        one for part in (mappings.unwrapped.parts if mappings else ()) if (one := part.unwrapped.get("containerPort"))
    ]
    if port is None or not ports or mappings is None or mappings.unwrapped.kind != "tuple":
        return
    equal = [_same(module, (source.text, port), (text, one)) for one in ports]
    if None not in equal and True not in equal:
        listed = ", ".join(str(module.constant(one)) for one in ports)
        yield Hit(
            port.start, port.end,
            Text(f"The container listens on {listed}, not on {module.constant(port)}.", f"Le conteneur écoute sur {listed}, pas sur {module.constant(port)}."),
            related=where,
        )  # fmt: skip


@rule(
    "aws/unknown-log-group", Severity.ERROR, on="terraform", url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
    title=Text("Logs into a group that nobody creates", "Des journaux vers un groupe que personne ne crée"),
    advice=Text(
        "The task stops at once: `ResourceInitializationError … The specified log group does not exist`. Name the group that is created here, or set awslogs-create-group.",
        "La tâche s'arrête aussitôt : `ResourceInitializationError … The specified log group does not exist`. Indiquez le groupe créé ici, ou activez awslogs-create-group.",
    ),
)  # fmt: skip
def unknown_log_group(source: Source, project: Project) -> Iterator[Hit]:
    """`awslogs-group` of a container against the log groups of the module, where their names are all known."""
    module = module_of(source.path, project)
    groups = [p for p in module.blocks("resource") if p.block.label == "aws_cloudwatch_log_group"]
    names = {str(module.constant(p.block.body.value("name"))) for p in groups}
    if not groups or "None" in names:
        return
    for block in _resources(source, "aws_ecs_task_definition"):
        for container in _containers(block) or ():
            options = container.get("logConfiguration")
            options = options.unwrapped.get("options") if options is not None else None
            group = options.unwrapped.get("awslogs-group") if options is not None else None
            created = options is not None and options.unwrapped.get("awslogs-create-group") is not None
            value = module.constant(group) if group is not None else None
            if group is None or value is None or created or str(value) in names:
                continue
            place = groups[0]
            line = Lines(place.document.text).place(place.block.start)[0]
            yield Hit(
                group.start, group.end,
                Text(f"No log group is called {value}: there is {', '.join(sorted(names))}.", f"Aucun groupe ne s'appelle {value} : il y a {', '.join(sorted(names))}."),
                related=(Related(place.path, line, Text("the log group", "le groupe de journaux")),),
            )  # fmt: skip


# CPU units of Fargate → (least memory, most memory, step) in MiB, but 256 with its three sizes.
SIZES = {
    512: (1024, 4096, 1024), 1024: (2048, 8192, 1024), 2048: (4096, 16384, 1024), 4096: (8192, 30720, 1024),
    8192: (16384, 61440, 4096), 16384: (32768, 122880, 8192),
}  # fmt: skip


@rule(
    "aws/fargate-size", Severity.ERROR, on="terraform", url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size",
    title=Text("A size that Fargate does not offer", "Une taille que Fargate ne propose pas"),
    advice=Text("The task definition is refused at apply.", "La définition de tâche est refusée au moment de l'apply."),
)  # fmt: skip
def fargate_size(source: Source, project: Project) -> Iterator[Hit]:
    """`cpu` and `memory` of a Fargate task against the combinations that there are."""
    module = module_of(source.path, project)
    for block in _resources(source, "aws_ecs_task_definition"):
        launch = block.body.value("requires_compatibilities")
        memory = block.body.value("memory")
        if launch is None or "FARGATE" not in launch.strings() or memory is None:
            continue
        cpu, size = _number(module.constant(block.body.value("cpu"))), _number(module.constant(memory))
        if cpu is None or size is None:
            continue
        allowed = _allowed(cpu)
        if allowed is None:
            value = block.body.value("cpu") or memory
            yield Hit(
                value.start,
                value.end,
                Text(f"Fargate has no task of {cpu} CPU units.", f"Fargate n'a pas de tâche de {cpu} unités CPU."),
            )
        elif size not in allowed:
            yield Hit(
                memory.start, memory.end,
                Text(
                    f"With {cpu} CPU units, Fargate offers {allowed[0]} to {allowed[-1]} MiB, not {size}.",
                    f"Avec {cpu} unités CPU, Fargate propose de {allowed[0]} à {allowed[-1]} Mio, pas {size}.",
                ),
            )  # fmt: skip


def _number(value: object) -> int | None:
    return int(str(value)) if re.fullmatch(r"\d+", str(value)) else None


def _allowed(cpu: int) -> tuple[int, ...] | None:
    if cpu == 256:
        return 512, 1024, 2048
    found = SIZES.get(cpu)
    return tuple(range(found[0], found[1] + 1, found[2])) if found else None


def _application(project: Project) -> Component | None:
    """The only component that is served; None where there are several, or none."""
    served = [c for c in project.deployable if c.kind == "service"]
    return served[0] if len(served) == 1 else None


def _evidence(component: Component, fact: str, en: str, fr: str) -> tuple[Related, ...]:
    found = re.fullmatch(r"([^\s:]+):(\d+)", component.evidence.get(fact, ""))
    return (Related(found[1], int(found[2]), Text(en, fr)),) if found else ()


_HEALTH = re.compile(r"health|ready|readiness|live|alive|status|ping|heartbeat", re.I)


@rule(
    "aws/health-path-differs", Severity.WARNING, on="terraform", url="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    title=Text("A health check of a path that the application has not", "Un contrôle de santé sur un chemin absent de l'application"),
    advice=Text(
        "The load balancer gets 404, takes every target for ill, and ECS replaces the tasks again and again.",
        "L'équilibreur reçoit un 404, croit toutes les cibles malades, et ECS remplace les tâches sans fin.",
    ),
)  # fmt: skip
def health_path_differs(source: Source, project: Project) -> Iterator[Hit]:
    """A path of a target group that is one for health checks, where the only application serves another one."""
    component = _application(project)
    related = (
        _evidence(component, "health", "the application's health check", "le contrôle de l'application")
        if component
        else ()
    )
    if component is None or not component.health or not related:
        return
    module = module_of(source.path, project)
    for block in _resources(source, "aws_lb_target_group", "aws_alb_target_group"):
        check = block.body.block("health_check")
        value = check.body.value("path") if check is not None else None
        path = module.constant(value) if value is not None else None
        if value is None or not isinstance(path, str) or not _HEALTH.search(path) or _serves(component, path, project):
            continue
        yield Hit(
            value.start, value.end,
            Text(f"{component.name} answers {component.health}, not {path}.", f"{component.name} répond sur {component.health}, pas sur {path}."),
            related=related,
        )  # fmt: skip


def _serves(component: Component, path: str, project: Project) -> bool:
    """Whether the code names the path: then it may well be served."""
    if path.rstrip("/") == (component.health or "").rstrip("/"):
        return True
    last = path.rstrip("/").rpartition("/")[2].partition("?")[0]
    code = (
        file
        for file in component.files
        if re.search(r"\.(py|[cm]?[jt]sx?|go|java|kt|php|rb|rs|cs|exs?|conf|ya?ml)$", file)
    )
    return any(last in (project.repository.read(file) or "") for file in code)


_SECRET = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PASS|SECRET|SECRET_KEY|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_KEY|CREDENTIALS)$"
)


@rule(
    "aws/secret-in-environment", Severity.WARNING, on="terraform", url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
    title=Text("Secrets in the environment of a task", "Des secrets dans l'environnement d'une tâche"),
    advice=Text(
        "Whoever may describe the task definition reads them in clear, and every revision keeps them. `secrets` with `valueFrom` takes them from Secrets Manager or the parameter store when the task starts.",
        "Quiconque peut lire la définition de tâche les voit en clair, et chaque révision les garde. `secrets` avec `valueFrom` les prend dans Secrets Manager ou le Parameter Store au démarrage.",
    ),
)  # fmt: skip
def secret_in_environment(source: Source, project: Project) -> Iterator[Hit]:
    """Variables called like a secret under `environment` of a container definition."""
    for block in _resources(source, "aws_ecs_task_definition"):
        for container in _containers(block) or ():
            environment = container.get("environment")
            entries = (
                environment.unwrapped.parts if environment is not None and environment.unwrapped.kind == "tuple" else ()
            )
            names = [
                (name, entry) for entry in entries if (name := _name(entry)) and _SECRET.search(name) and _given(entry)
            ]
            if names:
                listed = ", ".join(name for name, _ in names)
                first = names[0][1]
                yield Hit(
                    first.start, first.end,
                    Text(f"In clear in the task definition: {listed}.", f"En clair dans la définition de tâche : {listed}."),
                )  # fmt: skip


def _name(entry: Expression) -> str:
    value = entry.unwrapped.get("name") if entry.unwrapped.kind == "object" else None
    return str(value.constant) if value is not None and value.constant is not None else ""


def _given(entry: Expression) -> bool:
    """Whether a value is written; an empty one, or a reference's address, is no secret."""
    value = entry.unwrapped.get("value")
    return value is not None and value.string != "" and not str(value.string or "").startswith("arn:")


@rule(
    "aws/lenient-health-check", Severity.WARNING, on="terraform", url="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    title=Text("A health check that accepts errors", "Un contrôle de santé qui accepte les erreurs"),
    advice=Text(
        "A task that answers 404 or 500 to everything stays in service, and a broken deployment is taken for a good one.",
        "Une tâche qui répond 404 ou 500 à tout reste en service, et un déploiement cassé passe pour réussi.",
    ),
)  # fmt: skip
def lenient_health_check(source: Source, project: Project) -> Iterator[Hit]:
    """A `matcher` with 404 or a status of 500 and more."""
    for block in _resources(source, "aws_lb_target_group", "aws_alb_target_group"):
        check = block.body.block("health_check")
        value = check.body.value("matcher") if check is not None else None
        wrong = _accepted(str(value.constant)) if value is not None and value.constant is not None else None
        if value is not None and wrong is not None:
            yield Hit(
                value.start, value.end,
                Text(f"{value.constant} takes {wrong} for healthy.", f"{value.constant} tient {wrong} pour sain."),
            )  # fmt: skip


def _accepted(matcher: str) -> int | None:
    """An error that a matcher accepts, or None."""
    for part in matcher.replace(" ", "").split(","):
        found = re.fullmatch(r"(\d{3})(?:-(\d{3}))?", part)
        low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        wrong = next((code for code in (500, 503, 404) if low <= code <= high), None)
        if wrong is not None:
            return wrong
    return None


RULES: tuple[Rule, ...] = (
    no_such_container,
    unknown_log_group,
    fargate_size,
    health_path_differs,
    lenient_health_check,
    secret_in_environment,
)
