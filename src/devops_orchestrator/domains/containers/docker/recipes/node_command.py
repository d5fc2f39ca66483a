"""What starts a JavaScript program in its image: the project's own command without its package manager."""

from __future__ import annotations

import posixpath
import re

from devops_orchestrator.domains.containers.docker.recipes.node_managers import on_bun
from devops_orchestrator.domains.containers.docker.recipes.recipe import Job, plain_words
from devops_orchestrator.text import Text


def _runs_a_file(words: list[str]) -> bool:
    """`bun src/index.ts` and `bun run src/index.ts`, but not `bun run start`: a script's shell passes on no signals."""
    return bool(re.search(r"\.[cm]?[jt]sx?$", words[-1])) or any(re.search(r"\.[cm]?[jt]sx?$", w) for w in words[1:3])


def _from_root(job: Job, words: list[str]) -> list[str]:
    """The words with paths that leave the component's folder, as they are from the folder that the image starts in."""
    if not job.inside:
        return words
    return [posixpath.normpath(posixpath.join(job.inside, w)) if w.startswith("../") else w for w in words]


def command(job: Job) -> tuple[list[str], tuple[Text, ...]]:
    """The words of CMD, and what to say of them."""
    component = job.component
    scripts = component.scripts
    for line in (scripts.get("start:prod"), component.start, scripts.get("start")):
        words = plain_words(line or "")
        if words and words[0] == "node":
            return _from_root(job, words), ()
        if words and words[0] == "bun" and on_bun(job) and _runs_a_file(words):
            return words, ()
    if on_bun(job) and component.entrypoint:
        return ["bun", component.entrypoint.removeprefix("./")], ()
    if component.entrypoint and re.search(r"\.[cm]?js$", component.entrypoint):
        return ["node", component.entrypoint.removeprefix("./")], ()
    if "start:prod" in scripts or "start" in scripts:
        script = "start:prod" if "start:prod" in scripts else "start"
        return ["npm", "run", script] if script != "start" else ["npm", "start"], (
            Text(
                "The container starts through npm, which passes on no signals: name the file with `node` in CMD to stop cleanly.",
                "Le conteneur démarre par npm, qui ne transmet pas les signaux : indiquez le fichier avec `node` dans CMD pour un arrêt propre.",
            ),
        )
    return ["bun" if on_bun(job) else "node", "index.js"], (
        Text(
            "No start command was found: replace the CMD of the Dockerfile by yours.",
            "Aucune commande de démarrage n'a été trouvée : remplacez le CMD du Dockerfile par la vôtre.",
        ),
    )
