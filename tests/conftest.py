"""Which validators judged this run is said at its end: what was absent did not pass."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from devops_orchestrator.validation import VALIDATORS

# The same input gives the same verdict, in CI as here; HYPOTHESIS_PROFILE=search looks for new cases.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=300, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    absent = sorted({validator.program or "" for validator in VALIDATORS if validator.found is None})
    present = sorted({validator.program for validator in VALIDATORS if validator.program and validator.found})
    terminalreporter.write_line(
        f"linters that judged: {', '.join(present) or 'none'}; absent: {', '.join(absent) or 'none'}"
    )


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("DEVOPS_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("NO_COLOR", "1")
    yield
