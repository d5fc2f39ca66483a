"""One workload as it will be written: every decision taken, before the templates lay it out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.kubernetes.deployments import container as containers
from devops_orchestrator.domains.kubernetes.deployments import health, images, sizing, variables
from devops_orchestrator.domains.kubernetes.deployments.images import Image
from devops_orchestrator.domains.kubernetes.deployments.params import DeploymentsParams
from devops_orchestrator.domains.kubernetes.deployments.sizing import Size, Writable
from devops_orchestrator.domains.kubernetes.deployments.variables import Variables
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import kubernetes

EXPLICIT_KEYS = 8  # a longer list of secretKeyRef hides what matters: then the whole Secret is read
PAUSE = 5  # seconds of preStop: what kube-proxy and load balancers need to hear of a leaving pod
STATIC_PORT = 8080  # nginx as another user than root
UNPRIVILEGED = 10001  # above the users that distributions create


@dataclass(frozen=True)
class Workload:
    """What the templates read. `probe` and `live` are handlers in YAML at indentation 0."""

    name: str
    application: str
    kind: str
    image: Image
    component: Component | None
    container: containers.Container
    size: Size
    cpu: str
    memory: str
    port: int | None = None
    side_port: int | None = None  # the framework's management server
    replicas: int = 1
    explicit_replicas: bool = False
    scaled_by: str | None = None
    schedule: str = "0 3 * * *"
    command: tuple[str, ...] = ()
    probe: str = ""
    live: str = ""
    live_reason: str = ""
    has_route: bool = False
    uid: int | None = None
    gid: int | None = None
    uid_reason: str = ""
    variables: Variables = field(default_factory=lambda: Variables({}, (), ()))
    mounts: tuple[Writable, ...] = ()
    storage: Writable | None = None

    @property
    def task(self) -> bool:
        """Whether it runs and ends: a Job or a CronJob."""
        return self.kind in ("job", "cronjob")

    @property
    def reference(self) -> str:
        """The image as the base has it; the overlays set what is not known yet."""
        if self.image.digest:
            return f"{self.image.name}@{self.image.digest}"
        return f"{self.image.name}:{self.image.tag or images.UNSET}"

    @property
    def port_name(self) -> str:
        return "http" if self.component is None or self.component.kind != "worker" else "metrics"

    @property
    def service_port(self) -> int:
        """80 for a Service in front of HTTP; a StatefulSet's pods are reached on their own port."""
        return self.port or 80 if self.kind == "statefulset" else 80

    @property
    def served(self) -> bool:
        """Whether it has a Service; the pods of a StatefulSet have their names from one, also without a port."""
        return self.kind == "statefulset" or (self.port is not None and self.kind == "deployment")

    @property
    def pause(self) -> int:
        return PAUSE if self.served and self.port is not None else 0

    @property
    def spread(self) -> bool:
        return self.kind in ("deployment", "statefulset") and (self.replicas >= 2 or self.scaled_by is not None)

    @property
    def start_period(self) -> int:
        return 2 if self.size.start <= 60 else 5

    @property
    def start_failures(self) -> int:
        return self.size.start // self.start_period

    @property
    def secret(self) -> str:
        """The Secret of the application: its Jobs read the same one."""
        return f"{self.application}-env"

    @property
    def secret_whole(self) -> bool:
        return len(self.variables.secret) > EXPLICIT_KEYS

    @property
    def secret_keys(self) -> str:
        return ", ".join(self.variables.secret)

    @property
    def defaults(self) -> str:
        names = self.variables.defaults
        return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")

    @property
    def volumes(self) -> tuple[Writable, ...]:
        """The emptyDir volumes, each once."""
        return tuple({mount.volume: mount for mount in self.mounts if mount != self.storage}.values())

    @property
    def service_link(self) -> str:
        return self.name.upper().replace("-", "_") + "_PORT"

    @property
    def command_unknown(self) -> bool:
        return not self.command and (self.component is None or self.component.kind == "service")


def slug(name: str) -> str:
    """An RFC 1123 label of any name: `@acme/Shop_API` → `acme-shop-api`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].rstrip("-") or "app"


def name_of(component: Component | None, project: Project) -> str:
    """What the component is called: by itself among several, else by the repository."""
    if component is None or len(project.deployable) <= 1:
        named = component.name if component and component.name not in ("app", ".", "") else project.name
        return slug(named or "app")
    return slug(component.name)


def build(
    component: Component | None, project: Project, params: DeploymentsParams, kind: str, *, target: bool
) -> Workload:
    """Every decision on one component. `target`: the request is about this one, so that all parameters are its own."""
    own = params if target else DeploymentsParams(replicas=params.replicas, cpu=params.cpu, memory=params.memory)
    application = name_of(component, project)
    name = params.name if target and params.name else application
    if kind in ("job", "cronjob") and component is not None and not params.name:
        # A name, and so labels, of its own: the application's Service must not select these pods.
        name = f"{application}-{'cron' if kind == 'cronjob' else 'migrate' if component.migrate else 'job'}"
    if kind not in ("job", "cronjob") or component is None:
        application = name
    found = containers.read(component, project) if component else containers.Container()
    size = sizing.of(component, task=kind in ("job", "cronjob"))
    memory = own.memory or size.memory
    port = own.port or found.port or (_own_port(component) if component else None)
    worker = component is not None and component.kind == "worker" and own.port is None
    if worker or kind in ("job", "cronjob"):
        port = None
    elif component is None and port is None and kind == "deployment":
        port = 8080
    image = _image(component, project, own, name_of(component, project) if component else name)
    probe, live, reason, routed = _probes(component, project, own, port, kind)
    uid, gid, why = _user(found)
    mounts = sizing.writable(component, found)
    storage = (
        Writable("data", found.volume or "/data", "the data of each pod", "10Gi") if kind == "statefulset" else None
    )
    scaled = None if kind not in ("deployment", "statefulset") else _autoscaler(name, project)
    return Workload(
        name=name, application=application, kind=kind, image=image, component=component, container=found, size=size, cpu=own.cpu or size.cpu,
        memory=memory, port=port, side_port=_side_port(component) if port else None, replicas=_replicas(own, kind), explicit_replicas=own.replicas is not None,
        scaled_by=scaled, schedule=own.schedule or "0 3 * * *", command=_command(component, kind), probe=probe, live=live,
        live_reason=reason, has_route=routed, uid=uid, gid=gid, uid_reason=why, mounts=mounts + ((storage,) if storage else ()),
        variables=_variables(component, port, found), storage=storage,
    )  # fmt: skip


def _own_port(component: Component) -> int | None:
    """The port of the component; built files are served by a web server, not by the development server's port."""
    return STATIC_PORT if component.kind == "static" else component.port


def _side_port(component: Component | None) -> int | None:
    """The management port, where the health route is on one of its own."""
    if component is None or component.kind == "static":
        return None
    found = component.port_of("health")
    return found if found != component.port else None


def _replicas(params: DeploymentsParams, kind: str) -> int:
    """Two, so that one can go; a stateful application may not know how to share its work."""
    if params.replicas is not None:
        return params.replicas
    return 1 if kind == "statefulset" else 2


def _image(component: Component | None, project: Project, params: DeploymentsParams, name: str) -> Image:
    if params.image:
        return images.split(params.image)
    if component is None:
        return Image(f"{images.PLACEHOLDER}/{name}")
    return Image(images.of_component(component, project, name)[0])


def _command(component: Component | None, kind: str) -> tuple[str, ...]:
    """A Job of an application with migrations runs them; otherwise the image's own command."""
    if component is None or kind not in ("job", "cronjob"):
        return ()
    if kind == "job" and component.migrate:
        words = shlex.split(component.migrate)
        # Inside the image the environment is the project's own: no `uv run`, `poetry run`.
        return tuple(
            words[2:] if words[:2] in (["uv", "run"], ["poetry", "run"], ["pdm", "run"], ["pipenv", "run"]) else words
        )
    if kind == "cronjob" and component.framework == "laravel":
        return ("php", "artisan", "schedule:run")
    return ()


def _variables(component: Component | None, port: int | None, found: containers.Container) -> Variables:
    if component is None or component.kind == "static":
        return Variables({}, (), ())  # built files hold what the build was given
    result = variables.of(component, port, found.environment)
    if component.framework == "laravel" and "LOG_CHANNEL" not in found.environment:
        defaults = tuple(name for name in result.defaults if name != "LOG_CHANNEL")
        return Variables({**result.plain, "LOG_CHANNEL": "stderr"}, result.secret, defaults)
    return result


def _user(found: containers.Container) -> tuple[int | None, int | None, str]:
    """(uid, gid, why) to run as; nothing where there is no Dockerfile to read it from."""
    if found.path is None:
        return None, None, ""
    if found.root:
        return UNPRIVILEGED, UNPRIVILEGED, f"{found.path} runs as root: any user but 0 will do"
    if found.uid is not None:
        why = (
            "" if found.user == str(found.uid) else f"{found.user} in {found.path}: the kubelet can only check a number"
        )
        return found.uid, found.gid or found.uid, why
    return (
        UNPRIVILEGED,
        UNPRIVILEGED,
        f"{found.path} names the user {found.user} without a number, which the kubelet cannot check",
    )


def _probes(
    component: Component | None, project: Project, params: DeploymentsParams, port: int | None, kind: str
) -> tuple[str, str, str, bool]:
    """(handler, liveness handler, why that one, whether there is a route)."""
    if port is None or kind in ("job", "cronjob"):
        return "", "", "", False
    tcp = "tcpSocket:\n  port: http"
    path = params.health_path or (component.health if component else None)
    if path is None and component is not None and component.kind == "static":
        path = "/"
    if path is None:
        return tcp, tcp, "No health route is known: this only says that the port is open.", False
    ready, live = _http(path, component), _http(path, component)
    if component is None or params.health_path not in (None, component.health):
        return ready, live, "", True
    if component.framework == "spring-boot" and path.endswith("/actuator/health"):
        why = "Spring's own group: it leaves databases out, whose failure a restart would not repair."
        return _http(f"{path}/readiness", component), _http(f"{path}/liveness", component), why, True
    asks = health.asks_services(component, project.repository)
    if asks is False or (component.framework == "laravel" and path == "/up"):  # Laravel's own route runs no query
        return ready, live, "", True
    doubt = "asks" if asks else "may ask"
    services = " and ".join(component.services[:2])
    return ready, tcp, f"Not {path}, which {doubt} {services}: their failure would restart every pod.", True


def _http(path: str, component: Component | None = None) -> str:
    side = component is not None and path.startswith(component.health or "\0") and _side_port(component)
    handler = f"httpGet:\n  path: {path}\n  port: {'management' if side else 'http'}"
    if component is not None and component.framework == "django":
        # The kubelet sends the pod's address, which ALLOWED_HOSTS cannot know: Django would answer 400.
        handler += "\n  httpHeaders:\n    - name: Host\n      value: localhost  # has to be in ALLOWED_HOSTS"
    return handler


def _autoscaler(name: str, project: Project) -> str | None:
    """The path of an autoscaler of this workload: then the number of pods is its own."""
    for path in project.of_kind("kubernetes"):
        try:
            found = kubernetes.objects(project.repository.read(path) or "")
        except ParseError:
            continue
        for one in found:
            if (
                one.kind in ("HorizontalPodAutoscaler", "ScaledObject")
                and one.at("spec", "scaleTargetRef", "name") == name
            ):
                return path
    return None


def suggested(project: Project) -> Mapping[str, tuple[object, str]]:
    """name → (value, evidence) of what the repository shows about its main component."""
    component = project.main
    if component is None:
        return {}
    found = containers.read(component, project)
    image = images.of_component(component, project, name_of(component, project))
    result: dict[str, tuple[object, str]] = {"image": image}
    if component.kind != "worker" and found.port:
        result["port"] = (found.port, f"{found.path}:{found.port_line}")
    elif component.kind == "static":
        result["port"] = (STATIC_PORT, "convention: nginx without root")
    elif component.kind != "worker" and component.port:
        result["port"] = (component.port, component.evidence.get("port", "convention: the framework's port"))
    if component.health:
        result["health_path"] = (
            component.health,
            component.evidence.get("health", "convention: the framework's route"),
        )
    return result
