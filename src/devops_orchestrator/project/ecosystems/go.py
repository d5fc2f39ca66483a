"""Go: modules and their programs, net/http and the routers, commands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devops_orchestrator.project import go_modules, go_programs, images, ports, services, tasks, versions
from devops_orchestrator.project.code import facts, golang, golang_environment, golang_files, golang_metrics
from devops_orchestrator.project.code.golang_web import COMMANDS, FRAMEWORKS
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem
from devops_orchestrator.project.go_programs import Program
from devops_orchestrator.project.tree import Tree, join

# Ports that a framework listens on where nobody says one, as its documentation has it.
_PORTS = {"gin": 8080, "beego": 8080, "hertz": 8888, "macaron": 4000, "pocketbase": 8090}
_SETTINGS = ("github.com/spf13/viper", "github.com/knadh/koanf", "github.com/ilyakaznacheev/cleanenv", "gopkg.in/yaml", "github.com/goccy/go-yaml",
             "github.com/BurntSushi/toml", "github.com/pelletier/go-toml", "github.com/jinzhu/configor", "github.com/zeromicro/go-zero", "github.com/gookit/config")  # fmt: skip
_CONTAINERS = (
    "github.com/testcontainers/testcontainers-go",
    "github.com/ory/dockertest",
    "github.com/DATA-DOG/go-sqlmock",
)


@dataclass(frozen=True)
class Place:
    """Where a component stands: its module, and its program where it is one of several."""

    module: go_modules.Module
    program: Program | None


def _finds(tree: Tree) -> list[str]:
    modules = tree.holding("go.mod")
    modules = [
        one for one in modules if not re.search(r"(^|/)_", one)
    ] or modules  # what begins with `_` is none of Go's
    return sorted({*modules, *(one.folder for folder in modules for one in go_programs.others(tree, folder))})


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    module = go_modules.of(tree, draft.path)
    if module is not None:
        program = go_programs.main(tree, draft.path)
    else:
        module, program = go_programs.module_of(tree, draft.path)
    if module is None:
        return False
    if program is not None and program.folder == draft.path and module.folder != draft.path:
        draft.name = draft.path.rpartition("/")[2]
        draft.offer("install_path", module.folder, module.path)
    else:
        _name(draft, module)
    _manifest(draft, tree, module)
    _program(draft, context, module, program)
    _checks(draft, tree, module)
    tasks.offer(draft, tree, "build")
    versions.last_resorts(draft, tree, "go")
    return bool(draft.files)


def _name(draft: Draft, module: go_modules.Module) -> None:
    draft.trait("module", module.name, f"{module.path}:{module.name_line}")
    words = go_modules.base(module.name).rpartition("/")[2] if module.name else ""
    draft.name = words or draft.name


def _manifest(draft: Draft, tree: Tree, module: go_modules.Module) -> None:
    path = module.path
    draft.offer("manifest", path, path)
    draft.offer("language", "go", path)
    draft.offer("package_manager", "go", path)
    draft.offer("install", "go mod download", path)
    draft.offer("lockfile", tree.first(module.folder, "go.sum"), join(module.folder, "go.sum"))
    for name, line in module.requires.items():
        draft.dependencies[name] = line.text
        draft.places[name] = f"{path}:{line.number}"
    versions.pin_files(draft, tree, "go", ".go-version")
    work = go_modules.workspace(tree, module.folder)
    for one in (module, work):
        for line_ in (one.toolchain, one.go) if one else ():
            if line_ is not None and one is not None:
                versions.offer(draft, "go", line_.text, f"{one.path}:{line_.number}")
    versions.tool_files(draft, tree, "go")
    if work is not None and work.folder != module.folder:
        draft.trait("workspace", work.path, work.path)


def _program(draft: Draft, context: Context, module: go_modules.Module, program: Program | None) -> None:
    tree = context.tree
    used = go_programs.imported(tree, module.folder, program)
    for name, folder in used.modules.items():
        if folder != module.folder:
            draft.members[name] = folder
    draft.followed = True
    for package, service in services.GO.items():
        place = used.packages.get(package)
        if place or (program is None and package in draft.dependencies):
            draft.add("services", service, draft.places.get(package) or place or module.path)
    if program is None:
        draft.kind = "library"
        draft.offer("build", "go build ./...", module.path)
        facts.give(draft, facts.Seen(reads=golang_environment.reads(go_programs.library(tree, module.folder).values)))
        return
    draft.kind = program.kind
    alone = all(
        folder == module.folder or folder.startswith(module.folder + "/") or module.folder == "."
        for folder in context.folders
    )
    _commands(draft, tree, module, program)
    _web(draft, program)
    dockerfile = images.dockerfile_of(tree, draft.path, alone=alone and draft.path == module.folder)
    images.from_dockerfile(draft, tree, dockerfile)
    _port(draft, tree, module, program)
    if draft.path == module.folder:
        tasks.procfile(draft, tree)
    if draft.traits.get("image_command"):
        draft.offer("start", draft.traits["image_command"], draft.evidence("image_command") or "")
    binary = f"./bin/{draft.traits['binary']}"
    draft.offer(
        "start", f"{binary} {program.subcommand}" if program.subcommand else binary, draft.evidence("build") or ""
    )
    for name, kind, words, evidence in program.processes:
        draft.process(name, kind, f"{binary} {words}", evidence)
    _migrations(draft, tree, module, program)
    _files(draft, tree, program)


def _commands(draft: Draft, tree: Tree, module: go_modules.Module, program: Program) -> None:
    base = draft.path
    inside = (
        "."
        if program.folder == base
        else "./" + (program.folder if base == "." else program.folder.removeprefix(base + "/"))
    )
    last = program.folder.rpartition("/")[2]
    name = draft.name if inside == "." or last in ("cmd", "main", "src") else last
    draft.offer("entrypoint", inside, program.evidence)
    draft.offer("build", f"go build -o bin/{name} {inside}", program.evidence)
    draft.trait("binary", name)
    if draft.path == module.folder:
        others = [folder for folder in go_programs.all_of(tree, module.folder) if folder != program.folder]
        draft.trait("programs", " ".join(others))


def _web(draft: Draft, program: Program) -> None:
    web = program.web
    reads = golang_environment.reads(web.values)
    if program.kind != "service":
        for known, name in COMMANDS.items():
            if known in web.imported:
                draft.offer("framework", name, _named(draft, known) or f"{web.imported[known][0]}")
        facts.give(draft, facts.Seen(reads=reads))
        return
    framework = web.framework
    if framework:
        known = next(one for one in web.imported if FRAMEWORKS.get(one) == framework)
        draft.offer("framework", framework, _named(draft, known) or web.imported[known][0])
    elif web.http:
        draft.offer("framework", "net/http", web.listeners[0].evidence if web.listeners else program.evidence)
    else:
        draft.trait("grpc", "true", web.listeners[0].evidence if web.listeners else program.evidence)
    facts.give(draft, facts.Seen(ports=web.ports, routes=web.routes if web.http else [], reads=reads))
    served = golang_metrics.metrics(web)
    if served:
        library = _named(draft, "github.com/prometheus/client_golang")
        draft.offer("metrics", *served)
        draft.offer(
            "metrics_library",
            "go_client" if library or not _named(draft, "github.com/VictoriaMetrics/metrics") else None,
            library or served[1],
        )


def _named(draft: Draft, known: str) -> str | None:
    """Where a module of any major version is required."""
    found = next(
        (name for name in draft.dependencies if go_modules.base(name) == known or name.startswith(known + "/")), None
    )
    return draft.place(found) if found else None


def _port(draft: Draft, tree: Tree, module: go_modules.Module, program: Program) -> None:
    if program.kind != "service":
        return
    evidence = str(draft.evidence("port") or "")
    said = draft.get("port") is not None and "ockerfile" not in evidence
    folders = tuple(dict.fromkeys((draft.path, module.folder, join(module.folder, "config"), ".")))
    variable = draft.traits.get("port_env")
    if not said and variable:
        found = ports.of_variable(tree, folders, variable)
        if found:
            draft.prefer("port", *found)
    if draft.get("port") is None and any(_named(draft, one) for one in _SETTINGS):
        found = ports.of_settings(tree, module.folder)
        if found:
            draft.offer("port", *found)
    framework = draft.get("framework")
    if framework in _PORTS:
        draft.offer("port", _PORTS[framework], convention(f"{framework}'s default port"))


def _checks(draft: Draft, tree: Tree, module: go_modules.Module) -> None:
    if draft.path != module.folder:
        return  # the module's component tests and checks all of its packages
    code = golang.code_of(tree, module.folder)
    tests = [
        path
        for path in code.tests
        if path.endswith("_test.go") and code.module_of(path.rpartition("/")[0] or ".") == module.folder
    ]
    if tests:
        draft.offer("test", "go test ./...", tests[0])
        if draft.many("services") and not any(_named(draft, one) for one in _CONTAINERS):
            imported = golang_environment.test_imports(code)
            for package, service in services.GO.items():
                place = imported.get(package)
                if place and service in draft.many("services"):
                    draft.add("test_services", service, place)
    config = tree.nearest(draft.path, ".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json")
    draft.offer("lint", "golangci-lint run" if config else None, config or "")
    draft.offer("lint", "go vet ./...", convention("go vet comes with Go"))


_MIGRATIONS = (
    "migrations", "db/migrations", "sql/migrations", "database/migrations", "internal/migrations", "internal/db/migrations", "db/migration",
    "internal/database/migrations", "schema/migrations", "sql/schema", ".goose",
)  # fmt: skip


def _migrations(draft: Draft, tree: Tree, module: go_modules.Module, program: Program) -> None:
    """A task, a program of the module, a `tool` of go.mod or an Atlas project that migrates the database."""
    folder = next((one for one in _MIGRATIONS if join(module.folder, one) in tree.folders), None)
    if folder:
        draft.trait("migrations", folder, join(module.folder, folder))
    if draft.path != module.folder or not draft.many("services"):
        return
    found = tasks.targets(tree, draft.path)
    for name in (
        "migrate",
        "migrate-up",
        "migrate_up",
        "migrate/up",
        "migrateup",
        "migration-up",
        "migrations-up",
        "db-migrate",
        "db/migrations/up",
        "migrate:up",
        "db:migrate",
        "goose-up",
    ):
        if name in found:
            draft.offer("migrate", *found[name])
    migrate = next(
        (
            one
            for one in go_programs.all_of(tree, module.folder)
            if one.rpartition("/")[2] in ("migrate", "migrator", "migration", "migrations")
        ),
        None,
    )
    if migrate and migrate != program.folder:
        inside = "./" + (migrate if module.folder == "." else migrate.removeprefix(module.folder + "/"))
        draft.offer("migrate", f"go run {inside}", go_programs.all_of(tree, module.folder)[migrate])
    goose = module.tools.get("github.com/pressly/goose/v3/cmd/goose")
    if goose and folder:
        draft.offer("migrate", f"go tool goose -dir {folder} up", f"{module.path}:{goose.number}")
    tool = module.tools.get("github.com/golang-migrate/migrate/v4/cmd/migrate")
    if tool and folder:
        draft.offer(
            "migrate", f'go tool migrate -path {folder} -database "$DATABASE_URL" up', f"{module.path}:{tool.number}"
        )


def _files(draft: Draft, tree: Tree, program: Program) -> None:
    for path, evidence in golang_files.written(program.web):
        draft.add("writable", path, evidence)
    for folder, evidence in golang_files.assets(program.web) if program.kind == "service" else ():
        if join(draft.path, folder) in tree.folders:
            draft.offer("assets", folder, evidence)


def _bare(draft: Draft, context: Context) -> bool:
    """A program without a module: one folder of files that go builds together."""
    main = next(
        (path for path in draft.files if re.search(r"^package main$", context.tree.text(path) or "", re.M)), None
    )
    if main is None:
        return False
    draft.offer("language", "go", main)
    draft.offer("package_manager", "go", convention("the go command comes with Go"))
    inside = main if draft.path == "." else main.removeprefix(draft.path + "/")
    draft.offer("build", f"go build -o bin/{draft.name} {inside}", main)
    draft.offer("start", f"./bin/{draft.name}", main)
    draft.offer("entrypoint", inside, main)
    draft.kind = "command"
    versions.last_resorts(draft, context.tree, "go")
    return True


ECOSYSTEM = Ecosystem("go", _finds, _read, bare=_bare)
