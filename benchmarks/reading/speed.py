"""`railpack plan` beside `devops inspect` on the same repositories, whole processes in one run: ratios of medians.

`RAILPACK=<checkout> [REPOS=<folder>] [MISE=<mise program>] python benchmarks/reading/speed.py`. Railpack is built with Go in
a temporary folder. Its plan asks mise for versions, and mise asks the network. Where there is none, MISE names the mise
program that railpack pins, and a server on this machine answers mise's questions at once; for the tools whose lists
mise wants from elsewhere (Python, PHP, Java), a shell script answers in mise's place. Both are in railpack's favour.
"""

from __future__ import annotations

import http.server
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

RUNS = 5
MISE_FOLDER = Path("/tmp/railpack/mise")
# As installed: with its byte code, which some environments switch off.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
DEVOPS = str(Path(sys.executable).parent / "devops")
WRAPPER = """#!/bin/sh
export MISE_URL_REPLACEMENTS='{{"regex:^https://[^/]+":"http://127.0.0.1:{port}"}}'
case "$1 $2" in
  "latest python@"*|"latest php@"*|"latest java@"*|"ls-remote "*) echo "${{2##*@}}" ;;
  *) exec {mise} "$@" ;;
esac
"""


class Versions(http.server.BaseHTTPRequestHandler):
    """Every tool has every version: mise's list of versions, answered at once."""

    BODY = "[versions]\n" + "".join(
        f'"{major}.{minor}.0" = {{ created_at = 2024-01-01T00:00:00Z }}\n' for major in range(30) for minor in range(60)
    )

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.BODY)))
        self.end_headers()
        self.wfile.write(self.BODY.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


def build(checkout: Path, folder: Path) -> Path | None:
    """Railpack's program, or None where Go is absent or the build fails."""
    if shutil.which("go") is None:
        return None
    program = folder / "railpack"
    done = subprocess.run(
        ["go", "build", "-o", str(program), "./cmd/cli"], cwd=checkout, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(done.stderr[-500:], file=sys.stderr)
        return None
    return program


def offline_mise(checkout: Path, mise: str) -> None:
    """Put the wrapper where railpack looks for its mise, and serve the versions."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Versions)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    version = (checkout / "core/mise/version.txt").read_text(encoding="utf-8").strip()
    MISE_FOLDER.mkdir(parents=True, exist_ok=True)
    wrapper = MISE_FOLDER / f"mise-{version}"
    wrapper.write_text(WRAPPER.format(port=server.server_address[1], mise=Path(mise).resolve()), encoding="utf-8")
    wrapper.chmod(0o755)


def timed(command: list[str]) -> float | None:
    """Seconds of one run; None where it fails."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, env=ENVIRONMENT)
    return time.perf_counter() - started if done.returncode == 0 else None


def medians(commands: list[list[str]]) -> list[float] | None:
    """The median of each command, run in turns; None where one of them fails."""
    taken: list[list[float]] = [[] for _ in commands]
    for turn in range(RUNS + 1):
        for number, command in enumerate(commands):
            seconds = timed(command)
            if seconds is None:
                return None
            if turn:  # the first turn warms the disk and mise's cache
                taken[number].append(seconds)
    return [statistics.median(values) for values in taken]


def main() -> None:
    if "RAILPACK" not in os.environ:
        print("RAILPACK (a checkout) is not given: nothing was timed")
        return
    checkout = Path(os.environ["RAILPACK"])
    with tempfile.TemporaryDirectory() as folder:
        program = build(checkout, Path(folder))
        if program is None:
            sys.exit("railpack could not be built: nothing was timed")
        if "MISE" in os.environ:
            offline_mise(checkout, os.environ["MISE"])
        folders = sorted(path for path in (checkout / "examples").iterdir() if path.is_dir())
        if "REPOS" in os.environ:
            folders += sorted(path for path in Path(os.environ["REPOS"]).iterdir() if path.is_dir())
        ratios: list[float] = []
        left_out: list[str] = []
        for path in folders:
            found = medians([[str(program), "plan", str(path)], [DEVOPS, "inspect", "--json", str(path)]])
            if found is None:
                left_out.append(path.name)
                continue
            ratios.append(found[0] / found[1])
            print(
                f"{path.name:55} railpack {found[0] * 1000:6.0f} ms  devops {found[1] * 1000:6.0f} ms  {ratios[-1]:5.2f}"
            )
        print(f"railpack plan failed on {len(left_out)}: {', '.join(left_out)}")
        if ratios:
            faster = sum(ratio > 1 for ratio in ratios)
            print(
                f"median ratio railpack / devops {statistics.median(ratios):.2f} over {len(ratios)}; faster on {faster}"
            )


if __name__ == "__main__":
    main()
