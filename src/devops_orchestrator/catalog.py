"""CATALOG: the six domains, in order, and the three authorities. Rooms are imported when they are asked for."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from devops_orchestrator.authorities import AUTHORITIES
from devops_orchestrator.core.specialist import Catalog, Domain, Specialist
from devops_orchestrator.domains import cicd, containers, deployment, infrastructure, kubernetes, monitoring
from devops_orchestrator.errors import UsageError
from devops_orchestrator.text import Text

CATALOG = Catalog(
    domains=(
        cicd.DOMAIN,
        containers.DOMAIN,
        kubernetes.DOMAIN,
        infrastructure.DOMAIN,
        monitoring.DOMAIN,
        deployment.DOMAIN,
    ),
    authorities=AUTHORITIES,
)

AGENTS: tuple[str, ...] = tuple(
    agent
    for domain in CATALOG.domains
    for agent in (domain.orchestrator, *(f"{domain.id}/{name}" for name in domain.specialists))
)
SPECIALISTS: tuple[str, ...] = tuple(agent for agent in AGENTS if not agent.endswith("/orchestrator"))


@lru_cache(maxsize=32)
def specialist(agent: str) -> Specialist:
    """The room of a specialist. Raises UsageError that names the nearest agents."""
    if agent not in SPECIALISTS:
        raise unknown(agent)
    domain, name = agent.split("/")
    module = import_module(f"devops_orchestrator.domains.{domain}.{name.replace('-', '_')}")
    found: Specialist = module.SPECIALIST
    return found


def domain(agent: str) -> Domain:
    """The domain of an agent or of a domain's id. Raises UsageError."""
    found = next((d for d in CATALOG.domains if d.id == agent.split("/")[0]), None)
    if found is None:
        raise unknown(agent)
    return found


def unknown(agent: str) -> UsageError:
    """The error for a name that is no agent."""
    from difflib import get_close_matches

    near = get_close_matches(agent, AGENTS, n=3, cutoff=0.4) or [
        known for known in AGENTS if known.split("/")[1] == agent or known.split("/")[0] == agent
    ]
    told = ", ".join(near or [domain.id for domain in CATALOG.domains])
    return UsageError(
        Text(
            f"There is no agent '{agent}'. Nearest: {told}. `devops agents` shows all of them.",
            f"Il n'y a pas d'agent « {agent} ». Les plus proches : {told}. `devops agents` les montre tous.",
        )
    )
