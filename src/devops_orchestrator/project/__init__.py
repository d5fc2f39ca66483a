"""A repository → Project: components made of facts, each with its evidence."""

from devops_orchestrator.project.reader import read
from devops_orchestrator.project.report import to_json

__all__ = ["read", "to_json"]
