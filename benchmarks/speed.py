"""Whole-process times as ratios to `python -c pass`, and the time of one decision in process.

Machines are noisy: the commands are run in turn, A B A B, and the median of the ratios pair by pair is quoted.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
DEVOPS = str(Path(sys.executable).parent / "devops")
REQUEST = "Configurer GitHub Actions pour mon projet"
RUNS = 15
# As installed: with its byte code, which some environments switch off.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def timed(command: list[str], cwd: Path) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, capture_output=True, check=False, env=ENVIRONMENT)
    return time.perf_counter() - start


def ratio(command: list[str], cwd: Path) -> tuple[float, float]:
    """(median ratio to `python -c pass`, median seconds)."""
    nothing = [sys.executable, "-c", "pass"]
    timed(command, cwd), timed(nothing, cwd)
    pairs = [(timed(command, cwd), timed(nothing, cwd)) for _ in range(RUNS)]
    return statistics.median(a / b for a, b in pairs), statistics.median(a for a, _ in pairs)


def decision() -> float:
    """Milliseconds of one decision, median over the requests of the rooms' own examples."""
    from devops_orchestrator import routing

    requests = [
        REQUEST,
        "Optimiser mon Dockerfile multi-stage",
        "canary 10/50/100 then alert on p95 over 300ms",
        "OOMKilled la nuit",
    ]
    for request in requests:
        routing.decide(request)
    samples = []
    for _ in range(50):
        for request in requests:
            start = time.perf_counter()
            routing.decide(request)
            samples.append((time.perf_counter() - start) * 1000)
    return statistics.median(samples)


def largest_example() -> Path:
    """The example application with the most files."""
    return max((ROOT / "examples").iterdir(), key=lambda folder: sum(1 for path in folder.rglob("*") if path.is_file()))


def main() -> None:
    """Print one line a figure."""
    example = largest_example()
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / example.name
        shutil.copytree(example, folder)
        subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
        subprocess.run(["git", "remote", "add", "origin", "https://github.com/acme/shop.git"], cwd=folder, check=True)
        for label, command, limit in (
            ('devops route "…"', [DEVOPS, "route", REQUEST], 12),
            (f'devops "…" --dry-run, {example.name}, no linters', [DEVOPS, REQUEST, "--dry-run", "--no-linters"], 40),
            (f'devops "…" --dry-run, {example.name}, with linters', [DEVOPS, REQUEST, "--dry-run"], None),
        ):
            times, seconds = ratio(command, folder)
            bound = f" (at most {limit})" if limit else ""
            print(f"{label:<52} {times:6.1f} × python -c pass{bound}   {seconds * 1000:6.0f} ms")
    print(f"{'one decision, in process':<52} {decision():6.2f} ms (at most 1)")


if __name__ == "__main__":
    main()
