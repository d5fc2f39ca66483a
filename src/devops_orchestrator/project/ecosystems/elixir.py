"""Elixir: Mix projects and umbrellas; Phoenix, Plug, OTP applications."""

from __future__ import annotations

import posixpath
import re

from devops_orchestrator.project import images, services, tasks, versions
from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.elixir import Elixir
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.mix import Mix, siblings, umbrella_of
from devops_orchestrator.project.tree import Tree, ancestors, join

# Consumers of queues: an application that has one and serves nothing is a worker.
_CONSUMERS = ("broadway", "oban", "exq", "amqp", "brod", "kafka_ex", "gnat", "quantum")


def _finds(tree: Tree) -> list[str]:
    return with_manifest(tree, "mix.exs")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    mix = Mix.read(tree, draft.path)
    if mix is None or mix.umbrella:
        return False  # the root of an umbrella builds its applications, it is none
    root = umbrella_of(tree, mix)
    path = join(draft.path, "mix.exs")
    app = mix.text("app")
    draft.name = app[0] if app else draft.name
    draft.offer("manifest", path, path)
    draft.offer("language", "elixir", path)
    draft.offer("package_manager", "mix", path)
    _dependencies(draft, tree, mix, root)
    lock = tree.first(root.folder if root else draft.path, "mix.lock")
    draft.offer("lockfile", lock, lock or "")
    draft.offer("install", "mix deps.get", lock or path)
    if root is not None:
        draft.offer("install_path", root.folder, mix.at(mix.project["lockfile"]))
    _runtime(draft, tree, mix)
    services.from_packages(draft, services.ELIXIR)
    shared = [p for p in tree.below(join(root.folder, "config")) if p.endswith(".exs")] if root else []
    code = Elixir(tree, [*draft.files, *shared], draft.name if root else None)
    _kind(draft, mix, code, root)
    _serve(draft, context, mix, code, root)
    _checks(draft, tree, mix)
    _commands(draft, tree, mix, root)
    tasks.offer(draft, tree, "test", "lint", "typecheck")
    versions.last_resorts(draft, tree, "elixir")
    return True


def _dependencies(draft: Draft, tree: Tree, mix: Mix, root: Mix | None) -> None:
    family = siblings(tree, root) if root else {}
    for name, version, place, options in mix.dependencies:
        draft.dependencies[name] = version
        draft.places[name] = place
        only = options.get("only", "")
        if only and ":prod" not in only:
            draft.dev_dependencies.add(name)
        if "in_umbrella" in options and name in family:
            draft.members[name] = family[name]
        elif "path" in options:
            draft.members[name] = posixpath.normpath(posixpath.join(draft.path, options["path"].strip('"')))


def _runtime(draft: Draft, tree: Tree, mix: Mix) -> None:
    versions.tool_files(draft, tree, "elixir")
    for folder in ancestors(draft.path):
        path = tree.first(folder, "elixir_buildpack.config")
        said = tree.properties(path).get("elixir_version")
        if said:
            versions.offer(draft, "elixir", versions.plain(said[0]), f"{path}:{said[1]}")
    constraint = mix.text("elixir")
    if constraint:
        draft.trait("runtime_constraint", *constraint)
        versions.offer(draft, "elixir", versions.coarse(constraint[0], 2), constraint[1])


def _kind(draft: Draft, mix: Mix, code: Elixir, root: Mix | None) -> None:
    if code.endpoint:
        draft.kind = "service"
        draft.offer("framework", "phoenix", draft.places.get("phoenix") or code.endpoint)
    elif code.servers:
        draft.kind = "service"
        draft.offer(
            "framework", "plug", draft.places.get("plug") or draft.places.get("bandit") or draft.place("plug_cowboy")
        )
    elif "escript" in mix.project:
        draft.kind = "command"
    elif "mod" in mix.application and root is None and "package" not in mix.project:
        draft.kind = "worker"  # it starts processes of its own and is no package for others
    elif "mod" in mix.application and draft.depends_on(*_CONSUMERS):
        draft.kind = "worker"
    else:
        draft.kind = "library"


def _serve(draft: Draft, context: Context, mix: Mix, code: Elixir, root: Mix | None) -> None:
    tree = context.tree
    if draft.kind not in ("service", "worker"):
        # In an umbrella, the shared configuration is that of the applications which are started.
        own = "" if draft.path == "." else draft.path + "/"
        facts.give(draft, facts.Seen(reads=[read for read in code.reads if read.evidence.startswith(own)]))
        return
    seen = facts.Seen(reads=code.reads)
    if draft.kind == "service":
        seen.routes = code.routes
        seen.ports = (
            code.ports("runtime.exs", "releases.exs", "prod.exs", "config.exs") if code.endpoint else code.servers
        )
        for path, place, port in code.metrics:
            if port is None:
                draft.offer("metrics", path, place)
            else:  # a server of its own beside the application's
                draft.trait("metrics_port", port, place)
        for value, place in seen.ports:
            if value.variable:
                draft.add("environment", value.variable, place)
    facts.give(draft, seen)
    if draft.kind == "service":
        folders = (draft.path, *((root.folder,) if root else ()))
        dockerfile = next((p for at in folders if (p := images.dockerfile_of(tree, at, alone=True))), None)
        images.from_dockerfile(draft, tree, dockerfile)
        for value, place in code.ports("dev.exs") if code.endpoint else ():
            draft.offer("port", value.port, place)
        draft.offer("port", 4000, convention("default port of Phoenix, Bandit and Plug.Cowboy"))
        static = join(draft.path, "priv/static")
        if code.endpoint and tree.below(static):
            draft.offer("assets", "priv/static", static)


def _checks(draft: Draft, tree: Tree, mix: Mix) -> None:
    tests = [path for path in draft.files if path.endswith("_test.exs") and path.startswith(join(draft.path, "test/"))]
    draft.offer("test", "mix test" if tests else None, tests[0] if tests else "")
    aliases = mix.keywords("aliases")
    if "lint" in aliases:
        draft.offer("lint", "mix lint", mix.at(aliases["lint"]))
    if draft.depends_on("credo"):
        draft.offer("lint", "mix credo", draft.place("credo"))
    formatter = tree.first(draft.path, ".formatter.exs")
    draft.offer("lint", "mix format --check-formatted" if formatter else None, formatter or "")
    if draft.depends_on("dialyxir"):
        draft.offer("typecheck", "mix dialyzer", draft.place("dialyxir"))


def _commands(draft: Draft, tree: Tree, mix: Mix, root: Mix | None) -> None:
    if draft.kind not in ("service", "worker"):
        return
    top = root or mix
    up = posixpath.relpath(top.folder, draft.path)
    into, before = ("", "") if up == "." else (f"{up}/", f"cd {up} && ")
    tasks.procfile(draft, tree)
    aliases = mix.keywords("aliases")
    assets = "MIX_ENV=prod mix assets.deploy" if "assets.deploy" in aliases else None
    releases = top.keywords("releases")
    evidence = _released(tree, top)
    name, chosen = _release(draft, top, list(releases), root)
    if evidence:
        binary = f"{into}_build/prod/rel/{name}/bin"
        release = f"{before}MIX_ENV=prod mix release{chosen}"
        draft.offer("build", f"{assets} && {release}" if assets else release, evidence)
        server = tree.first(join(top.folder, "rel/overlays/bin"), "server")
        draft.offer("start", f"{binary}/server" if server else f"{binary}/{name} start", server or evidence)
        draft.offer("entrypoint", name, evidence)
        migrate = tree.first(join(top.folder, "rel/overlays/bin"), "migrate")
        draft.offer("migrate", f"{binary}/migrate" if migrate else None, migrate or "")
    else:
        draft.offer(
            "build",
            assets or "MIX_ENV=prod mix compile",
            mix.at(aliases["assets.deploy"]) if assets else draft.get("manifest"),
        )
        command = "mix phx.server" if draft.framework_is("phoenix") else "mix run --no-halt"
        draft.offer("start", command, draft.evidence("framework") or draft.get("manifest"))
    for folder in (draft.path, *draft.members.values()):
        found = next(
            (p for p in tree.below(join(folder, "priv")) if re.search(r"/migrations/(?:.*/)?\d+_\w+\.exs$", p)), None
        )
        if found:
            draft.offer("migrate", f"{before if folder != draft.path else ''}mix ecto.migrate", found)


def _released(tree: Tree, mix: Mix) -> str | None:
    """Where the project says that it is run as a release: its `releases:`, a `rel` folder, an image that builds one."""
    if "releases" in mix.project:
        return mix.at(mix.project["releases"])
    overlays = next((p for p in tree.below(join(mix.folder, "rel")) if not p.endswith("config.exs")), None)
    if overlays:
        return overlays
    files = [path for path in tree.below(mix.folder) if re.search(r"(^|/)Dockerfile[^/]*$|\.Dockerfile$", path)]
    for path in sorted(files, key=lambda p: (p.count("/"), p)):
        parsed = tree.dockerfile(path)
        for stage in parsed.stages if parsed else ():
            for item in stage.of("RUN"):
                if re.search(r"\bmix\s+(?:do\s+.*[,+]\s*)?release\b", item.arguments):
                    return f"{path}:{item.line}"
    return None


def _release(draft: Draft, mix: Mix, names: list[str], root: Mix | None) -> tuple[str, str]:
    """(the release's name, what `mix release` needs to be told): the default one, the only one, the application's own."""
    default = mix.text("default_release")
    if default:
        return default[0], ""
    if len(names) == 1:
        return names[0], ""
    if names:
        name = next((n for n in names if n == draft.name), names[0])
        return name, f" {name}"
    return draft.name, f" {draft.name}" if root else ""


ECOSYSTEM = Ecosystem("elixir", _finds, _read)
