"""Rules on the start: scripts that keep the signals, health checks that cannot fail or ask the wrong port."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker.rules.process import real_port
from devops_orchestrator.domains.containers.docker.rules.reading import View, copies
from devops_orchestrator.formats import shell
from devops_orchestrator.formats.dockerfile import Instruction
from devops_orchestrator.formats.healthcheck import Check
from devops_orchestrator.text import Text

REFERENCE = "https://docs.docker.com/reference/dockerfile/"
# Programs that serve until they are stopped.
_SERVERS = frozenset(
    {
        "node", "gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve", "celery", "java", "puma", "unicorn", "rackup", "nginx", "httpd",
        "apache2-foreground", "php-fpm", "dotnet", "next", "fastapi", "flask", "granian", "sidekiq", "deno", "bun", "uwsgi", "caddy", "supervisord",
    }
)  # fmt: skip


@rule(
    "docker/script-without-exec", Severity.WARNING, on="dockerfile", url="https://docs.docker.com/build/building/best-practices/#entrypoint",
    title=Text("The start script keeps the stop signal to itself", "Le script de démarrage garde le signal d'arrêt pour lui"),
    advice=Text(
        "The shell is process 1 and does not pass SIGTERM on: after ten seconds the server is killed in the middle of its requests. `exec` puts it in the shell's place.",
        "Le shell est le processus 1 et ne transmet pas SIGTERM : au bout de dix secondes, le serveur est tué au milieu de ses requêtes. `exec` le met à la place du shell.",
    ),
)  # fmt: skip
def script_without_exec(source: Source, project: Project) -> Iterator[Hit]:
    """A script of the repository, started as the container's process, whose last command is a server without `exec`."""
    view = View(source, project)
    if re.search(r"(^|[./_-])(dev|devel|development|local|tests?|ci|debug|e2e)([./_-]|$)", source.path, re.I):
        return  # whoever develops stops it by hand
    for name in ("ENTRYPOINT", "CMD"):
        item = view.last(name)
        if item is None or (name == "CMD" and view.last("ENTRYPOINT") is not None):
            continue
        for word in item.operands[:2]:
            path = _script(view, word.value)
            text = project.repository.read(path) if path else None
            if path is None or text is None or not re.match(r"#!.*\b(ba|da|a)?sh\b", text):
                continue
            found = [c for c in shell.commands(text) if c.name not in ("fi", "done")]
            if not found or re.search(r"(?m)^\s*trap\b|\bwait\b|&\s*$", text):
                continue
            last = found[-1]
            whole = text[last.start :].strip()
            serves = (
                last.name in _SERVERS
                or last.values[:2] in (("npm", "start"), ("yarn", "start"), ("bundle", "exec"), ("rails", "server"))
                or last.values[0] in ('"$@"', "$@", "./server")
                or (last.name.startswith("python") and "runserver" in last.values)
            )
            if last.conditional or not serves or whole.startswith("exec") or last.environment or last.after:
                continue
            line = text.count("\n", 0, last.start) + 1
            needs = Text(
                "Nothing of the script may have to run after the server.",
                "Rien dans le script ne doit avoir à s'exécuter après le serveur.",
            )
            fix = Fix(
                (Edit(path, last.start, last.start, "exec "),),
                False,
                Text("Begin the last line with exec", "Commencer la dernière ligne par exec"),
                needs,
            )
            shown = " ".join(last.values[:2])
            yield Hit(
                word.start, word.end,
                Text(f"{path} ends with `{shown}` without exec.", f"{path} se termine par `{shown}` sans exec."),
                fix, (Related(path, line, Text("the last command", "la dernière commande")),),
            )  # fmt: skip


def _script(view: View, word: str) -> str | None:
    """The file of the repository that becomes a program of the image."""
    name = posixpath.basename(word)
    if not (name.endswith((".sh", ".bash")) or "entrypoint" in name or name in ("start", "run", "boot")):
        return None
    for item in view.lineage:
        found = copies(item)
        for src in found[0] if found else ():
            path = posixpath.normpath(posixpath.join(view.context.path, src.value))
            target = found[1].value if found else ""
            if posixpath.basename(path) == name or (target.endswith(f"/{name}") and not target.endswith("/")):
                return path
    inside = [f for f in view.context.files if posixpath.basename(f) == name]
    return posixpath.normpath(posixpath.join(view.context.path, inside[0])) if len(inside) == 1 else None


def _check(item: Instruction) -> Check | None:
    """What HEALTHCHECK runs; None for NONE."""
    words = item.words
    if not words or words[0].value.upper() != "CMD":
        return None
    text = item.masked[words[0].end : item.args_end].replace("\0", " ").strip()
    if text.startswith("["):
        quoted = re.findall(r'"((?:\\.|[^"\\])*)"', text)
        return Check(None, tuple(quoted))
    return Check(text)


@rule(
    "docker/healthcheck-ignores-errors", Severity.WARNING, on="dockerfile", url=f"{REFERENCE}#healthcheck",
    title=Text("A HEALTHCHECK that takes errors for health", "Un HEALTHCHECK qui prend les erreurs pour de la bonne santé"),
    advice=Text(
        "curl ends with 0 for any answer, a 500 too, unless it is told `--fail`; `|| true` ends with 0 whatever happens. The container is healthy while it is broken.",
        "Sans `--fail`, curl termine avec 0 pour toute réponse, même une 500 ; `|| true` termine avec 0 quoi qu'il arrive. Le conteneur est déclaré sain alors qu'il est en panne.",
    ),
)  # fmt: skip
def healthcheck_ignores_errors(source: Source, project: Project) -> Iterator[Hit]:
    """A check whose deciding program is curl without --fail, or that ends with a success in any case."""
    view = View(source, project)
    item = view.last("HEALTHCHECK")
    check = _check(item) if item is not None else None
    if item is None or check is None or not (check.passes_in_any_case or check.takes_errors_for_health):
        return
    fix = None
    text = source.text[item.args_start : item.args_end]
    found = list(re.finditer(r"\bcurl\b", text))
    if not check.passes_in_any_case and len(found) == 1:
        at = item.args_start + found[0].end() + (check.script is None)
        added = " -f" if check.script is not None else ', "-f"'
        needs = Text(
            "The address must answer with a status below 400.",
            "L'adresse doit répondre avec un statut inférieur à 400.",
        )
        fix = Fix((source.edit(at, at, added),), False, Text("Add -f", "Ajouter -f"), needs)
    said = (
        Text("This check never fails.", "Cette vérification n'échoue jamais.")
        if check.passes_in_any_case
        else Text(
            "curl without --fail takes a 500 for health.", "Sans --fail, curl prend une 500 pour de la bonne santé."
        )
    )
    yield Hit(item.args_start, item.args_end, said, fix)


@rule(
    "docker/healthcheck-wrong-port", Severity.ERROR, on="dockerfile", url=f"{REFERENCE}#healthcheck",
    title=Text("HEALTHCHECK asks a port where nobody listens", "HEALTHCHECK interroge un port où personne n'écoute"),
    advice=Text(
        "Every check is refused: the container is \"unhealthy\" while the application works.",
        "Chaque vérification est refusée : le conteneur est « unhealthy » alors que l'application fonctionne.",
    ),
)  # fmt: skip
def healthcheck_wrong_port(source: Source, project: Project) -> Iterator[Hit]:
    """The port of the check's own address against the one that the process listens on; EXPOSE may vouch for it."""
    view = View(source, project)
    item = view.last("HEALTHCHECK")
    check = _check(item) if item is not None else None
    real = real_port(view)
    if item is None or check is None or check.address is None or real is None or check.address[0] == real[0]:
        return
    exposed = [word.value.partition("/")[0] for i in view.lineage if i.name == "EXPOSE" for word in i.words]
    if str(check.address[0]) in exposed:
        return
    text = source.text[item.args_start : item.args_end]
    found = list(re.finditer(rf":{check.address[0]}\b", text))
    place = (
        (item.args_start + found[0].start() + 1, item.args_start + found[0].end())
        if len(found) == 1
        else (item.args_start, item.args_end)
    )
    path, _, line = real[1].partition(":")
    needs = Text("The health route must be there.", "La route de santé doit exister.")
    fix = (
        Fix(
            (source.edit(*place, str(real[0])),),
            False,
            Text(f"Ask port {real[0]}", f"Interroger le port {real[0]}"),
            needs,
        )
        if len(found) == 1
        else None
    )
    yield Hit(
        *place,
        Text(
            f"It asks port {check.address[0]}; the application listens on {real[0]} ({real[1]}).",
            f"Il interroge le port {check.address[0]} ; l'application écoute sur {real[0]} ({real[1]}).",
        ),
        fix, (Related(path, int(line), Text(f"port {real[0]}", f"port {real[0]}")),) if line.isdigit() else (),
    )  # fmt: skip


RULES = (script_without_exec, healthcheck_ignores_errors, healthcheck_wrong_port)
