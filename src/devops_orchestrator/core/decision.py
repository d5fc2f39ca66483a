"""What a request becomes: steps, escalations, a question, or out of scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One agent's work. `confidence` is a calibrated probability; `resolved` is set where an orchestrator picked."""

    agent: str
    action: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
    resolved: str | None = None


@dataclass(frozen=True)
class Escalation:
    """A decision handed to an authority."""

    authority: str
    path: str
    topic: str


@dataclass(frozen=True)
class Alternative:
    """Another agent or authority that was possible."""

    agent: str
    confidence: float


@dataclass(frozen=True)
class Decision:
    """The decision on one request; `to_json` is CONTRACT.md's object."""

    request: str
    language: str
    decision: str  # route | plan | escalation | clarification | out-of-scope
    steps: tuple[Step, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    question: str | None = None
    options: tuple[str, ...] = ()
    why: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data in the contract's order of keys."""
        return {
            "request": self.request,
            "language": self.language,
            "decision": self.decision,
            "steps": [
                {"agent": s.agent, "action": s.action, "parameters": dict(s.parameters), "confidence": s.confidence}
                | ({"resolved": s.resolved} if s.resolved else {})
                for s in self.steps
            ],
            "escalations": [{"authority": e.authority, "path": e.path, "topic": e.topic} for e in self.escalations],
            "alternatives": [{"agent": a.agent, "confidence": a.confidence} for a in self.alternatives],
            "question": self.question,
            "options": list(self.options),
            "why": list(self.why),
        }
