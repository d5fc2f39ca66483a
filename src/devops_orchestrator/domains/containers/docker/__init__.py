"""The Docker room: Dockerfiles and .dockerignore."""

from __future__ import annotations

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.containers.docker.create import create, suggest
from devops_orchestrator.domains.containers.docker.params import DockerParams
from devops_orchestrator.domains.containers.docker.rules import RULES
from devops_orchestrator.text import Text, same

SPECIALIST = Specialist(
    id="containers/docker",
    title=same("Docker"),
    summary=Text(
        en="Dockerfile and .dockerignore: multi-stage, cached, small, non-root images; build and run troubles",
        fr="Dockerfile et .dockerignore : images multi-stage, mises en cache, légères et sans root ; problèmes de build et d'exécution",
    ),
    params=DockerParams,
    kinds=("dockerfile", "dockerignore"),
    files=(
        "**/Dockerfile",
        "**/*.dockerfile",
        "**/.dockerignore",
        "**/nginx.conf",
        "**/docker/apache.conf",
        "**/docker/start.sh",
    ),
    suggest=suggest,
    create=create,
    rules=RULES,
    examples=(
        Text("Create a Dockerfile for my API on port 8080", "Créer un Dockerfile pour mon API sur le port 8080"),
        Text("Optimise my multi-stage Dockerfile", "Optimiser mon Dockerfile multi-stage"),
        Text("Why is my docker build so slow?", "Pourquoi mon docker build est-il si lent ?"),
    ),
)
