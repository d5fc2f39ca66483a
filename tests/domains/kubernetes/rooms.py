"""Rules of a room over the files of a small repository."""

from devops_orchestrator import catalog, orchestrator
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding

CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"


def findings(agent: str, files: dict[str, str], rule: str | None = None) -> list[Finding]:
    """The findings of a room, or of one rule of it."""
    room = catalog.specialist(agent)
    project = orchestrator.inspect(Repository.of(files, git={"symbolic-ref --short HEAD": "main\n"}))
    found = [finding for source in sources((room,), project) for finding in room_findings(room, source, project)]
    return [one for one in found if rule is None or one.rule == rule]


def places(agent: str, files: dict[str, str], rule: str) -> list[str]:
    """`file:line` of a rule's findings."""
    return [f"{one.file}:{one.line}" for one in findings(agent, files, rule)]


def workload(
    name: str = "shop", image: str = "ghcr.io/acme/shop:1.4.0", container: str = "", pod: str = "", spec: str = ""
) -> str:
    """A Deployment with further lines of its container, pod and spec."""

    def indented(lines: str, count: int) -> str:
        return "".join(" " * count + line + "\n" for line in lines.splitlines())

    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n{indented(spec, 2)}"
        f"  selector:\n    matchLabels:\n      app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n"
        f"    spec:\n      containers:\n        - name: {name}\n          image: {image}\n{indented(container, 10)}{indented(pod, 6)}"
    )


def service(name: str = "shop", port: int = 80, target: str = "", spec: str = "") -> str:
    """A Service of one port."""
    aimed = f"      targetPort: {target}\n" if target else ""
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n{spec}  selector:\n    app: {name}\n  ports:\n    - port: {port}\n{aimed}"
