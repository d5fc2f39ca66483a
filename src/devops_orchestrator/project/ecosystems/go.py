"""Go: modules, `cmd/*`, net/http and the routers."""

from __future__ import annotations

import re

from devops_orchestrator.project import images, services, tasks, versions
from devops_orchestrator.project.code import facts, golang_facts
from devops_orchestrator.project.code.golang import Go
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, join

_FRAMEWORKS = (
    ("github.com/gin-gonic/gin", "gin", 8080), ("github.com/labstack/echo/v5", "echo", None), ("github.com/labstack/echo/v4", "echo", None),
    ("github.com/gofiber/fiber/v3", "fiber", None), ("github.com/gofiber/fiber/v2", "fiber", None), ("github.com/go-chi/chi/v5", "chi", None),
    ("github.com/go-chi/chi", "chi", None), ("github.com/beego/beego/v2", "beego", 8080), ("github.com/gorilla/mux", "net/http", None),
)  # fmt: skip


def _finds(tree: Tree) -> list[str]:
    return with_manifest(tree, "go.mod")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    path = join(draft.path, "go.mod")
    version, toolchain = _module(draft, tree, path)
    draft.offer("manifest", path, path)
    draft.offer("language", "go", path)
    draft.offer("package_manager", "go", path)
    draft.offer("install", "go mod download", path)
    draft.offer("lockfile", tree.first(draft.path, "go.sum"), join(draft.path, "go.sum"))
    if toolchain:
        versions.offer(draft, "go", *toolchain)
    if version:
        versions.offer(draft, "go", *version)
    versions.pin_files(draft, tree, "go", ".go-version")
    versions.tool_files(draft, tree, "go")
    services.from_packages(draft, services.GO)
    code = Go(tree, draft.path, draft.files, draft.traits.get("module", ""))
    _programs(draft, code)
    _web(draft, context, code)
    _checks(draft, tree, code)
    tasks.offer(draft, tree, "build")
    versions.last_resorts(draft, tree, "go")
    return bool(draft.files)


def _module(draft: Draft, tree: Tree, path: str) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """Read go.mod: the name, the `go` and `toolchain` lines, the direct requirements."""
    version = toolchain = None
    block = ""
    for number, line in tree.lines(path):
        comment = line.partition("//")[2]
        words = line.partition("//")[0].split()
        if not words:
            continue
        if words[0] == ")":
            block = ""
        elif len(words) > 1 and words[1] == "(":
            block = words[0]
        elif words[0] == "module" and len(words) > 1:
            draft.trait("module", words[1], f"{path}:{number}")
            name = words[1].rpartition("/")[2]
            draft.name = words[1].split("/")[-2] if re.fullmatch(r"v\d+", name) and "/" in words[1] else name
        elif words[0] == "go" and len(words) > 1 and not block:
            version = (words[1], f"{path}:{number}")
        elif words[0] == "toolchain" and len(words) > 1 and words[1].startswith("go"):
            toolchain = (words[1].removeprefix("go"), f"{path}:{number}")
        elif block == "require" or words[0] == "require":
            name, number_ = (words[0], words[1]) if block else (words[1], words[2]) if len(words) > 2 else ("", "")
            if name and "indirect" not in comment:
                draft.dependencies[name] = number_
                draft.places[name] = f"{path}:{number}"
    return version, toolchain


def _programs(draft: Draft, code: Go) -> None:
    """Which folders are programs, and which of them is the component's."""
    mains = code.mains
    serving = [folder for folder in mains if code.listens(folder)]
    candidates = serving or mains
    if not candidates:
        draft.kind = "library"
        draft.offer("build", "go build ./...", draft.get("manifest"))
        return
    wanted = {draft.name, "server", "api", "app", "web", "main", "cmd"}
    best = min(
        candidates,
        key=lambda f: (
            f != draft.path,
            f.rpartition("/")[2] not in wanted,
            f.rpartition("/")[2] != draft.name,
            f.count("/"),
            f,
        ),
    )
    inside = "." if best == draft.path else "./" + (best if draft.path == "." else best.removeprefix(draft.path + "/"))
    name = draft.name if inside == "." else best.rpartition("/")[2]
    draft.offer("entrypoint", inside, mains[best])
    draft.offer("build", f"go build -o bin/{name} {inside}", mains[best])
    draft.kind = "service" if serving else "worker" if code.consumes(best, set(draft.many("services"))) else "command"
    draft.trait("binary", name)
    others = [folder for folder in mains if folder != best]
    if others:
        draft.trait("programs", " ".join(others))


def _web(draft: Draft, context: Context, code: Go) -> None:
    framework = next(
        ((name, package, port) for package, name, port in _FRAMEWORKS if package in draft.dependencies), None
    )
    seen = facts.Seen(ports=code.ports, reads=golang_facts.reads(code), routes=code.routes)
    if draft.kind == "service":
        if framework:
            draft.offer("framework", framework[0], draft.place(framework[1]))
        draft.offer("framework", "net/http", seen.ports[0][1] if seen.ports else draft.get("entrypoint"))
        facts.give(draft, seen)
    else:
        if "github.com/spf13/cobra" in draft.dependencies:
            draft.offer("framework", "cobra", draft.place("github.com/spf13/cobra"))
        facts.give(draft, facts.Seen(reads=seen.reads))
    images.from_dockerfile(
        draft, context.tree, images.dockerfile_of(context.tree, draft.path, alone=len(context.folders) == 1)
    )
    if framework and framework[2] and draft.kind == "service":
        draft.offer("port", framework[2], convention(f"{framework[0]}'s default port"))
    if draft.traits.get("image_command"):
        draft.offer("start", draft.traits["image_command"], draft.evidence("image_command") or "")
    binary = draft.traits.get("binary")
    if binary:
        draft.offer("start", f"./bin/{binary}", draft.evidence("build") or "")
    if "github.com/prometheus/client_golang" in draft.dependencies:
        served = golang_facts.metrics(code)
        if served:
            draft.offer("metrics", *served)
            draft.offer("metrics_library", "go_client", draft.place("github.com/prometheus/client_golang"))


def _checks(draft: Draft, tree: Tree, code: Go) -> None:
    if code.tests:
        draft.offer("test", "go test ./...", code.tests[0])
        if not draft.depends_on(
            "github.com/testcontainers/testcontainers-go",
            "github.com/ory/dockertest/v3",
            "github.com/DATA-DOG/go-sqlmock",
        ):
            imported = golang_facts.test_imports(code)
            for package, service in services.GO.items():
                place = imported.get(package)
                if place and service in draft.many("services"):
                    draft.add("test_services", service, place)
    config = tree.first(draft.path, ".golangci.yml", ".golangci.yaml", ".golangci.toml")
    draft.offer("lint", "golangci-lint run" if config else None, config or "")
    draft.offer("lint", "go vet ./...", convention("go vet comes with Go"))
    for path in (".goose", "migrations", "db/migrations", "sql/migrations"):
        if join(draft.path, path) in tree.folders:
            draft.trait("migrations", path, join(draft.path, path))


ECOSYSTEM = Ecosystem("go", _finds, _read)
