"""A real Prometheus with the generated files against a server that speaks as the library does."""

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.monitoring.prometheus import SPECIALIST
from devops_orchestrator.project import read

pytestmark = pytest.mark.execute
APP = {
    "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.12"\ndependencies = ["fastapi", "prometheus-fastapi-instrumentator"]\n',
    "main.py": "from fastapi import FastAPI\nfrom prometheus_fastapi_instrumentator import Instrumentator\n\napp = FastAPI()\nInstrumentator().instrument(app).expose(app)\n",
}


def page(seconds: float) -> str:
    """What prometheus-fastapi-instrumentator shows after so many seconds: 8 requests a second, 2 of them failing."""
    ok, bad, all_ = int(6 * seconds), int(2 * seconds), int(8 * seconds)
    labels = 'handler="/orders",method="GET"'
    return "\n".join(
        [
            "# TYPE http_requests_total counter",
            f'http_requests_total{{{labels},status="2xx"}} {ok}',
            f'http_requests_total{{{labels},status="5xx"}} {bad}',
            f'http_requests_total{{handler="/metrics",method="GET",status="2xx"}} {int(1000 * seconds)}',
            "# TYPE http_request_duration_seconds histogram",
            *(
                f'http_request_duration_seconds_bucket{{{labels},le="{le}"}} {all_}'
                for le in ("0.1", "0.5", "1.0", "+Inf")
            ),
            f"http_request_duration_seconds_count{{{labels}}} {all_}",
            f"http_request_duration_seconds_sum{{{labels}}} {all_ * 0.05}",
            "# TYPE http_request_duration_highr_seconds histogram",
            *(f'http_request_duration_highr_seconds_bucket{{le="{le}"}} {all_}' for le in ("0.1", "+Inf")),
            f"http_request_duration_highr_seconds_count {all_}",
            f"http_request_duration_highr_seconds_sum {all_ * 0.05}",
            "",
        ]
    )


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def application() -> Iterator[int]:
    begin = time.monotonic()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/metrics" else 404)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(page(time.monotonic() - begin).encode())

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def query(port: int, expression: str) -> list[dict[str, Any]]:
    url = f"http://127.0.0.1:{port}/api/v1/query?query={urllib.parse.quote(expression)}"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
            return found
    except OSError:
        return []


@pytest.mark.skipif(shutil.which("prometheus") is None, reason="prometheus is not installed")
def test_the_target_is_up_and_the_rules_yield_values(application: int, tmp_path: Path) -> None:
    project = read(Repository.of(APP, name="shop"))
    values = {name: s.value for name, s in SPECIALIST.suggest(project).items()}
    params = SPECIALIST.params.checked(values | {"port": application, "scrape_interval": "1s"}, SPECIALIST.id)
    assert SPECIALIST.create
    for file in SPECIALIST.create(params, project).files:
        (tmp_path / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.path).write_text(file.content)
    port = free_port()
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [
                "prometheus", f"--config.file={tmp_path}/monitoring/prometheus.yml",
                f"--storage.tsdb.path={tmp_path}/data", f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wanted = {
                'up{job="shop"}': (1.0, 1.0),
                # A young series: its growth so far, spread over the whole range.
                "job:http_requests:rate5m": (0.05, 10.0),
                "job:http_requests_errors:ratio_rate5m": (0.2, 0.3),
                "job_handler:http_request_duration_seconds:mean5m": (0.049, 0.051),
                "job:http_request_duration_highr_seconds:p95_rate5m": (0.09, 0.1),
            }
            deadline = time.monotonic() + 60
            seen: dict[str, float] = {}
            while time.monotonic() < deadline:
                for expression in wanted:
                    for sample in query(port, expression):
                        seen[expression] = float(sample["value"][1])
                if all(low <= seen.get(e, -1) <= high for e, (low, high) in wanted.items()):
                    break
                time.sleep(1)
            for expression, (low, high) in wanted.items():
                assert low <= seen.get(expression, -1) <= high, (
                    expression,
                    seen,
                    (tmp_path / "log").read_text()[-2000:],
                )
            assert len(query(port, "job_handler:http_requests:rate5m")) == 1, "probes of /metrics do not count"
        finally:
            server.terminate()
            server.wait(timeout=20)
