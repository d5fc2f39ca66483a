"""Parameters of `containers/docker-compose`."""

from __future__ import annotations

from devops_orchestrator.core.fields import SaidPort, Services
from devops_orchestrator.core.params import Name, Params


class DockerComposeParams(Params):
    """What may be said of a compose file."""

    services: Services = ()
    port: SaidPort = None
    name: Name = None
