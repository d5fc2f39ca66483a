"""`devops inspect` on a repository of 50,000 files, as a whole process: `python benchmarks/reading/big.py [--files N] [--profile]`.

The repository is made up (the same for the same number): a monorepo of services and packages in TypeScript, Python, Go
and Java with their tests, fixtures, translations and API descriptions, its infrastructure (Kubernetes, Helm, Terraform,
workflows), a vendored folder that git tracks, and a node_modules folder that `.gitignore` leaves out.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

DEVOPS = str(Path(sys.executable).parent / "devops")
RUNS = 5
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
IGNORED = 5_000  # files below node_modules, beyond those that git lists

TYPESCRIPT = """import express from "express";
import {{ find{n} }} from "./store{n}.js";

export interface Order{n} {{
  id: string;
  total: number;
  lines: {{ sku: string; count: number }}[];
}}

// Listens on 9999 in the old deployment.
export async function order{n}(request: express.Request, response: express.Response): Promise<void> {{
  const limit = {limit};
  const found = await find{n}(request.params.id, limit);
  if (!found) {{
    response.status(404).json({{ error: "not found" }});
    return;
  }}
  response.json(found);
}}
"""
SERVER = """import express from "express";

const app = express();
app.get("/healthz", (_request, response) => response.send("ok"));
app.listen(Number(process.env.PORT ?? {port}));
"""
PYTHON = '''"""Orders, part {n}."""

import os  # noqa: F401
from dataclasses import dataclass

LIMIT = {limit}


@dataclass
class Order{n}:
    """One order."""

    number: str
    total: int

    def total_with(self, rate: float) -> float:
        return round(self.total * (1 + rate), 2)


def load{n}(path: str) -> list[Order{n}]:
    with open(path, encoding="utf-8") as file:
        return [Order{n}(*line.split(",")) for line in file][:LIMIT]
'''
FASTAPI = """import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    return {{"status": "ok"}}


if __name__ == "__main__":
    uvicorn.run(app, port={port})
"""
GO = """package orders

import (
	"context"
	"errors"
)

// Order{n} is one order.
type Order{n} struct {{
	ID    string `json:"id"`
	Total int64  `json:"total"`
}}

var ErrMissing{n} = errors.New("order {n} is missing")

func Find{n}(ctx context.Context, id string) (*Order{n}, error) {{
	if id == "" {{
		return nil, ErrMissing{n}
	}}
	return &Order{n}{{ID: id, Total: {n}}}, nil
}}
"""
GO_MAIN = """package main

import (
	"log"
	"net/http"
)

func main() {{
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {{ w.WriteHeader(200) }})
	log.Fatal(http.ListenAndServe(":{port}", nil))
}}
"""
JAVA = """package org.example.orders;

import java.util.List;
import java.util.Optional;

/** Order {n}. */
public class Order{n} {{
    private final String id;
    private final List<String> lines;

    public Order{n}(String id, List<String> lines) {{
        this.id = id;
        this.lines = List.copyOf(lines);
    }}

    public Optional<String> first() {{
        return lines.stream().findFirst();
    }}
}}
"""
POM = """<project>
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.5.0</version>
  </parent>
  <groupId>org.example</groupId>
  <artifactId>java-{n}</artifactId>
  <properties><java.version>21</java.version></properties>
  <dependencies>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
  </dependencies>
</project>
"""
APPLICATION = """package org.example.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }
}
"""
MANIFEST = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders-{n}
  labels:
    app.kubernetes.io/name: orders-{n}
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: orders-{n}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: orders-{n}
    spec:
      containers:
        - name: orders
          image: registry.example.org/orders-{n}:1.{n}.0
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
---
apiVersion: v1
kind: Service
metadata:
  name: orders-{n}
spec:
  selector:
    app.kubernetes.io/name: orders-{n}
  ports:
    - name: http
      port: 80
      targetPort: http
"""
OPENAPI = """openapi: 3.1.0
info:
  title: Orders {n}
  version: 1.{n}.0
paths:
  /orders/{{id}}:
    get:
      operationId: order{n}
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
      responses:
        "200":
          description: One order
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Order{n}"
components:
  schemas:
    Order{n}:
      type: object
      properties:
        kind:
          type: string
        apiVersion:
          type: string
"""
TRANSLATION = "orders:\n  title: Orders {n}\n  empty: There is no order yet.\n  kind: Kind\n  errors:\n" + "".join(
    f"    e{number}: The order {number} could not be saved.\n" for number in range(40)
)
FIXTURE = {
    "orders": [{"id": f"o-{number}", "total": number * 7, "lines": [{"sku": "a", "count": 2}]} for number in range(25)]
}
TERRAFORM = """module "orders_{n}" {{
  source = "../../modules/service"

  name  = "orders-{n}"
  port  = 8080
  image = "registry.example.org/orders-{n}:1.{n}.0"
}}

resource "aws_sqs_queue" "orders_{n}" {{
  name                      = "orders-{n}"
  message_retention_seconds = 345600
}}
"""
WORKFLOW = """name: orders-{n}
on:
  push:
    branches: [main]
    paths: ["services/node-{n}/**"]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: npm ci
      - run: npm test --workspace services/node-{n}
"""
DOCKERFILE = """FROM node:22-alpine AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build

FROM node:22-alpine
WORKDIR /app
COPY --from=build /app/dist ./dist
EXPOSE 3000
CMD ["node", "dist/server.js"]
"""


def package(name: str, *, service: bool) -> str:
    """A package.json."""
    dependencies = {"express": "^5.1.0", "pg": "^8.16.0"} if service else {"zod": "^4.0.0"}
    scripts = {"build": "tsc -p .", "test": "vitest run", "lint": "eslint ."}
    if service:
        scripts["start"] = "node dist/server.js"
    tools = {"typescript": "^5.9.0", "vitest": "^4.0.0", "eslint": "^9.30.0"}
    found = {"name": f"@example/{name}", "version": "1.0.0", "scripts": scripts, "dependencies": dependencies}
    return json.dumps(found | {"devDependencies": tools}, indent=2)


def projects() -> Iterator[tuple[str, str]]:
    """The manifests, entry points, workflows and infrastructure: about 4,000 files, whatever the size."""
    workspaces = ["services/node-*", "packages/*"]
    yield "package.json", json.dumps({"name": "big", "private": True, "workspaces": workspaces}, indent=2)
    yield "package-lock.json", json.dumps({"name": "big", "lockfileVersion": 3, "packages": {}})
    yield ".gitignore", "node_modules/\ndist/\n*.log\n"
    yield ".nvmrc", "22\n"
    for n in range(150):
        yield f"services/node-{n}/package.json", package(f"node-{n}", service=True)
        yield f"services/node-{n}/tsconfig.json", '{ "compilerOptions": { "strict": true, "outDir": "dist" } }\n'
        yield f"services/node-{n}/src/server.ts", SERVER.format(port=3000 + n)
        yield f"services/node-{n}/Dockerfile", DOCKERFILE
        yield f".github/workflows/node-{n}.yml", WORKFLOW.format(n=n)
    for n in range(150):
        yield f"packages/lib-{n}/package.json", package(f"lib-{n}", service=False)
        yield f"packages/lib-{n}/src/index.ts", "export const answer = 42;\n"
    for n in range(100):
        manifest = (
            f'[project]\nname = "py-{n}"\nrequires-python = ">=3.12"\ndependencies = ["fastapi>=0.115", "uvicorn"]\n'
        )
        yield f"python/py-{n}/pyproject.toml", manifest
        yield f"python/py-{n}/app/main.py", FASTAPI.format(port=4000 + n)
    for n in range(100):
        yield f"go/go-{n}/go.mod", f"module example.org/go-{n}\n\ngo 1.25\n"
        yield f"go/go-{n}/main.go", GO_MAIN.format(port=5000 + n)
    for n in range(50):
        yield f"java/java-{n}/pom.xml", POM.format(n=n)
        yield f"java/java-{n}/src/main/java/org/example/orders/Application.java", APPLICATION
        yield f"java/java-{n}/src/main/resources/application.yml", f"server:\n  port: {6000 + n}\n"
    for n in range(600):
        yield f"deploy/apps/orders-{n}/deployment.yaml", MANIFEST.format(n=n)
    for n in range(300):
        yield f"infrastructure/live/orders-{n}/main.tf", TERRAFORM.format(n=n)
    for n in range(20):
        yield f"charts/orders-{n}/Chart.yaml", f"apiVersion: v2\nname: orders-{n}\nversion: 1.0.0\n"
        yield f"charts/orders-{n}/values.yaml", "replicas: 2\nimage:\n  tag: 1.0.0\n"
        yield f"charts/orders-{n}/templates/app.yaml", "kind: Deployment\nspec: {{ toYaml .Values.spec }}\n"


def bulk(count: int) -> Iterator[tuple[str, str]]:
    """`count` files of code, tests, data and documentation. One code file in ten reads the environment, as it is outside."""
    for n in range(count):
        part = n // 10
        reads = part % 10 == 0
        script = 'Number(process.env.ORDER_LIMIT ?? "10")' if reads else str(n)
        python = 'int(os.environ.get("ORDER_LIMIT", "10"))' if reads else str(n)
        match n % 10:
            case 0 | 1:
                yield f"services/node-{part % 150}/src/orders/order{n}.ts", TYPESCRIPT.format(n=n, limit=script)
            case 2:
                yield f"packages/lib-{part % 150}/src/orders/order{n}.ts", TYPESCRIPT.format(n=n, limit=script)
            case 3:
                yield f"python/py-{part % 100}/app/orders/order{n}.py", PYTHON.format(n=n, limit=python)
            case 4:
                yield f"go/go-{part % 100}/internal/orders/order{n}.go", GO.format(n=n)
            case 5:
                yield f"java/java-{part % 50}/src/main/java/org/example/orders/Order{n}.java", JAVA.format(n=n)
            case 6:
                yield f"fixtures/data-{part % 40}/orders-{n}.json", json.dumps(FIXTURE | {"n": n}, indent=2)
            case 7 if part % 2:
                yield f"api/v{part % 20}/orders-{n}.yaml", OPENAPI.format(n=n)
            case 7:
                yield f"content/lang-{part % 30}/orders-{n}.yml", TRANSLATION.format(n=n)
            case 8:
                yield f"docs/part-{part % 50}/page-{n}.md", f"# Page {n}\n\nRun `npm start`, then open the page.\n"
            case _:
                yield f"vendor/example.org/dep-{part % 90}/file{n}.go", GO.format(n=n)


def make(root: Path, count: int) -> None:
    """Write the repository: `count` files that git knows, some of them not yet committed."""
    files = dict(projects())
    files |= dict(bulk(count - len(files)))
    files |= {f"node_modules/dep-{n // 10}/file{n}.js": "module.exports = 1;\n" for n in range(IGNORED)}
    folders: set[str] = set()
    for path, text in files.items():
        target = f"{root}/{path}"
        folder = target.rpartition("/")[0]
        if folder not in folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - measurably faster over 50,000 files
            folders.add(folder)
        with open(target, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(text)
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "gc.auto=0"]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    subprocess.run([*git, "add", "."], check=True, capture_output=True)
    subprocess.run([*git, "commit", "-qm", "All"], check=True)
    for n in range(50):
        (root / f"services/node-{n}/src/new{n}.ts").write_text(TYPESCRIPT.format(n=n, limit=n), encoding="utf-8")


def timed(command: list[str], cwd: Path) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, capture_output=True, check=True, env=ENVIRONMENT)
    return time.perf_counter() - start


def profile(root: Path) -> None:
    """Where the time goes, in one process."""
    from devops_orchestrator.core.repository import Repository
    from devops_orchestrator.project import read

    with cProfile.Profile() as profiler:
        read(Repository.at(root))
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


def main() -> None:
    """Print the first run, the median of the next ones and the median ratio to `python -c pass`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--keep", type=Path, help="make the repository in this folder, or use the one that is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="devops-big-") as scratch:
        root = options.keep or Path(scratch)
        if not (root / ".git").exists():
            make(root, options.files)
        if options.profile:
            profile(root)
            return
        command, nothing = [DEVOPS, "inspect", "--json"], [sys.executable, "-c", "pass"]
        first = timed(command, root)
        pairs = [(timed(command, root), timed(nothing, root)) for _ in range(RUNS)]
        seconds, ratio = statistics.median(a for a, _ in pairs), statistics.median(a / b for a, b in pairs)
        print(
            f"devops inspect, {options.files:,} files: {seconds:.2f} s, {ratio:.0f} × python -c pass (first {first:.2f} s)"
        )


if __name__ == "__main__":
    main()
