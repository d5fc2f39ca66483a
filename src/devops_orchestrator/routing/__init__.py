"""A request becomes a Decision: whose work it is, an ordered plan, an escalation, a question, or not DevOps at all.

`decide` reads one compiled table (`table.bin`, built by `make routing` from every room's `requests.yaml`) and, for the
parameters, the chosen room's `params` module. It never raises for any string.
"""

from __future__ import annotations

from devops_orchestrator.routing.batch import batch
from devops_orchestrator.routing.judge import decide

__all__ = ["batch", "decide"]
