"""Rails and what Ruby applications share with it: the databases of config/database.yml, workers, schedules, folders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from devops_orchestrator.errors import ParseError
from devops_orchestrator.project.code import ruby_values as values
from devops_orchestrator.project.code.ruby import Ruby, erb_plain
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.tree import Tree, join

if TYPE_CHECKING:
    from devops_orchestrator.formats.yaml import Node

ADAPTERS = {
    "postgresql": "postgresql", "postgis": "postgresql", "postgres": "postgresql", "mysql2": "mysql", "trilogy": "mysql", "mysql": "mysql",
    "cockroachdb": "postgresql", "jdbcpostgresql": "postgresql", "jdbcmysql": "mysql",
}  # fmt: skip
RELATIONAL = ("postgresql", "mysql", "mariadb")
_FILES = ("config/database.yml", "config/database.yml.example", "config/database.yml.sample", "config/database.example.yml",
          "config/database.sample.yml", "config/database.yml.dist", "config/database.yml.postgresql")  # fmt: skip
# gem → (name, command): the documented way to run the worker in the foreground.
_WORKERS = {
    "sidekiq": ("sidekiq", "bundle exec sidekiq"), "good_job": ("good_job", "bundle exec good_job start"),
    "resque-pool": ("resque", "bundle exec resque-pool"), "resque": ("resque", "QUEUE=* bundle exec rake resque:work"),
    "delayed_job_active_record": ("delayed_job", "bundle exec rake jobs:work"), "delayed_job": ("delayed_job", "bundle exec rake jobs:work"),
    "que": ("que", "bundle exec que"), "karafka": ("karafka", "bundle exec karafka server"),
    "shoryuken": ("shoryuken", "bundle exec shoryuken -R"), "sneakers": ("sneakers", "bundle exec rake sneakers:run"),
}  # fmt: skip
_SCHEDULED = {"resque-scheduler": ("resque-scheduler", "bundle exec rake resque:scheduler")}
# A gem that another one's process covers.
_COVERED = {"resque": "resque-pool", "delayed_job": "delayed_job_active_record"}


def databases(draft: Draft, tree: Tree) -> None:
    """The engine of config/database.yml: it decides among the drivers of the Gemfile; SQLite's files are written."""
    path = tree.first(draft.path, *_FILES)
    document = _yaml(tree, path)
    if document is None or path is None:
        return
    found: dict[str, str] = {}
    for node, entry in _connections(document):
        adapter = _lookup(entry, "adapter")
        url = _lookup(entry, "url")
        name = adapter.scalar if adapter else (url.scalar.partition(":")[0] if url and "://" in url.scalar else "")
        place = f"{path}:{node.text.count(chr(10), 0, (adapter or url or node).start) + 1}"
        if name in ADAPTERS:
            found.setdefault(ADAPTERS[name], place)
        elif name == "sqlite3":
            file = _lookup(entry, "database")
            _sqlite(draft, file.scalar if file else "", place)
    tested = document.get("test")
    for node, entry in _leaves(tested) if tested else ():
        adapter = _lookup(entry, "adapter")
        if adapter and adapter.scalar in ADAPTERS:
            place = f"{path}:{node.text.count(chr(10), 0, adapter.start) + 1}"
            draft.add("test_services", ADAPTERS[adapter.scalar], place)
    for service, place in found.items():
        draft.drop("services", service)
        draft.add("services", service, place)
    for service in [s for s in draft.many("services") if s in RELATIONAL and found and s not in found]:
        draft.drop("services", service)


def _sqlite(draft: Draft, file: str, place: str) -> None:
    if not file or file.startswith(("/", ":", "erb")):
        return
    draft.add("writable", "storage" if file.startswith("storage/") else file, place)


def _yaml(tree: Tree, path: str | None) -> Node | None:
    from devops_orchestrator.formats.yaml import parse

    text = tree.text(path) if path else None
    if text is None:
        return None
    try:
        documents = parse(erb_plain(text))
    except ParseError:
        return None  # an ERB template that builds its lines in a loop is no YAML before it runs
    return documents[0] if documents else None


def _connections(document: Node) -> Iterator[tuple[Node, Node]]:
    """(key, mapping) of production's connections; of every one where production names no adapter."""
    production = document.get("production")
    entries = list(_leaves(production)) if production else []
    if not any(_lookup(entry, "adapter") for _, entry in entries):
        entries += [leaf for key, value in document.items() if key.scalar != "test" for leaf in _leaves(value)]
        entries = [
            e for e in entries if _lookup(e[1], "adapter") or "://" in (u.scalar if (u := _lookup(e[1], "url")) else "")
        ]
        entries = entries[:1]
    yield from entries


def _leaves(node: Node) -> Iterator[tuple[Node, Node]]:
    inner = [
        (key, value)
        for key, value in node.items()
        if value.kind == "map" and key.scalar != "<<" and _is_connection(value)
    ]
    yield from inner or [(node, node)]


def _is_connection(node: Node) -> bool:
    return any(_lookup(node, key) for key in ("adapter", "database", "url", "<<"))


def _lookup(node: Node, key: str) -> Node | None:
    """The value of a key, also through YAML's merge key."""
    direct = node.get(key)
    if direct is not None:
        return direct
    for name, value in node.items():
        if name.scalar == "<<":
            for part in [value, *value.children()]:
                found = part.get(key)
                found = (
                    found
                    if found is not None
                    else _lookup(part, key)
                    if part.kind == "map" and part.get("<<")
                    else None
                )
                if found is not None:
                    return found
    return None


def processes(draft: Draft, tree: Tree, code: Ruby) -> None:
    """Workers of the queues, where the Procfile names none; schedules of whenever and clockwork."""
    known = " ".join(process.command for process in draft.processes.values())
    named = any(process.kind == "worker" for process in draft.processes.values())
    if draft.depends_on("solid_queue") and not re.search(r"bin/jobs|solid_queue:start", known):
        place = _adapter(code, "solid_queue") or tree.first(
            draft.path, "bin/jobs", "config/queue.yml", "config/solid_queue.yml"
        )
        command = "bin/jobs" if tree.has(draft.path, "bin/jobs") else "bundle exec rake solid_queue:start"
        if place:
            draft.process("jobs", "worker", command, place)
    runtime = [gem for gem in draft.dependencies if gem not in draft.dev_dependencies]
    for gem, (name, command) in _WORKERS.items():
        covered = any(other in runtime for covered, other in _COVERED.items() if covered == gem)
        words = ("resque",) if gem.startswith("resque") else (name, "jobs:work")
        if (
            gem in runtime
            and not named
            and not covered
            and not any(word in known for word in words)
            and draft.kind != "worker"
        ):
            if gem == "good_job" and _inside_web(code):
                continue
            draft.process(name, "worker", command, draft.place(gem))
    for gem, (name, command) in _SCHEDULED.items():
        if gem in runtime and command.rpartition(" ")[2] not in known:
            draft.process(name, "schedule", command, draft.place(gem))
    _clockwork(draft, tree, known)
    _whenever(draft, code)


def _adapter(code: Ruby, name: str) -> str | None:
    """The place where Active Job is told its adapter."""
    for source, node, value in code.settings("queue_adapter"):
        if values.text(value) == name:
            return source.at(node)
    return None


def _inside_web(code: Ruby) -> bool:
    """GoodJob runs inside of the web server with `execution_mode = :async`."""
    return any(
        values.text(value) in ("async", "async_server", "async_all") for _, _, value in code.settings("execution_mode")
    )


def _clockwork(draft: Draft, tree: Tree, known: str) -> None:
    clock = tree.first(draft.path, "clock.rb", "config/clock.rb", "lib/clock.rb", "app/clock.rb", "config/clockwork.rb")
    if clock and draft.depends_on("clockwork") and "clockwork" not in known:
        inside = clock if draft.path == "." else clock.removeprefix(draft.path + "/")
        draft.process("clock", "schedule", f"bundle exec clockwork {inside}", clock)


def _whenever(draft: Draft, code: Ruby) -> None:
    """The jobs of config/schedule.rb, with the commands that whenever writes into the crontab for them."""
    source = code.file("config/schedule.rb") if draft.depends_on("whenever") else None
    for call in source.all("call") if source else ():
        given = values.positional(call)
        task = values.text(given[0]) if given else None
        command = {
            "rake": f"bundle exec rake {task}", "command": f"{task}", "script": f"bundle exec script/{task}",
            "runner": f"bin/rails runner '{task}'",
        }.get(values.name_of(call))  # fmt: skip
        if task and command and source and call.field("receiver") is None:
            name = re.sub(r"[^a-z0-9]+", "-", task.lower()).strip("-")
            draft.process(name, "schedule", command, source.at(call))


def environment(draft: Draft, tree: Tree) -> None:
    """What Rails itself needs in production: the key of its credentials, or the secret."""
    encrypted = tree.first(draft.path, "config/credentials.yml.enc", "config/credentials/production.yml.enc")
    name = "RAILS_MASTER_KEY" if encrypted else "SECRET_KEY_BASE"
    draft.add("environment", name, encrypted or convention("Rails needs secret_key_base in production"))
    draft.add("required_environment", name, encrypted or convention("Rails needs secret_key_base in production"))


def folders(draft: Draft, tree: Tree) -> None:
    """What it writes to, and the folder of its static files."""
    for folder in ("tmp", "log"):
        draft.add("writable", folder, convention("folders that Rails writes to"))
    storage = tree.first(draft.path, "config/storage.yml")
    for document in tree.yaml(storage):
        for key, value in document.items():
            if value.at("service") == "Disk" and key.scalar != "test":
                draft.add("writable", "storage", f"{storage}:{value.text.count(chr(10), 0, value.start) + 1}")


def public(draft: Draft, tree: Tree) -> None:
    """public/, which Rails, Sinatra and most servers serve as it is."""
    files = tree.below(join(draft.path, "public"))
    draft.offer("assets", "public" if files else None, files[0] if files else "")
