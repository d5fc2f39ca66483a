"""buildah or docker: each Dockerfile builds. It takes minutes and fetches base images: only where it is asked for."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call, crashed

SECONDS = 1800
_NO_BUILDER = re.compile(
    r"Cannot connect to the Docker daemon|permission denied while trying to connect|newuidmap|Operation not permitted",
    re.I,
)
_NO_NETWORK = re.compile(
    r"no such host|dial tcp|i/o timeout|Temporary failure|Could not resolve|failed to resolve source metadata"
    r"|unauthorized|pull access denied|TLS handshake|connection refused|network is unreachable",
    re.I,
)
# A step of the file failed; anything else is the builder's own trouble.
_FAILED = re.compile(
    r"failed to solve|returned a non-zero code|building at STEP|dockerfile parse error|^Step \d+/", re.I | re.M
)
_LINE = re.compile(r"(?:Dockerfile|Containerfile|dockerfile)[\w.-]*:(\d+)")
_STEP = re.compile(r'STEP "(\w+) (.*?)"')


def run(batch: Batch) -> list[Problem]:
    """Dockerfiles that do not build. One whose base cannot be fetched is not judged."""
    program = VALIDATOR.present
    if program is None:
        raise DidNotRun(Text("neither buildah nor docker is installed", "ni buildah ni docker n'est installé"))
    found = []
    with batch.tree("**") as root:
        for path in batch.paths:
            context = _context(batch, path)
            image = "devops-orchestrator-check"
            arguments = ("build", "-t", image, "-f", path, context)
            done = call(
                program,
                *arguments,
                cwd=root,
                ok=tuple(range(256)),
                personal=True,
                network=True,
                mixed=True,
                seconds=SECONDS,
            )
            if done.returncode == 0:
                continue
            if _NO_BUILDER.search(done.stdout):
                raise DidNotRun(Text(f"{program} cannot build here", f"{program} ne peut pas construire ici"))
            if _NO_NETWORK.search(done.stdout):
                batch.unjudged[path] = Text("what it fetches was not reached", "ce qu'il télécharge n'a pas été joint")
                continue
            if not _FAILED.search(done.stdout):
                raise DidNotRun(crashed(program, done))
            found.append(_problem(path, batch.files[path], done.stdout))
    return found


def _context(batch: Batch, path: str) -> str:
    """The folder that has what the Dockerfile copies: its own, else the root."""
    from devops_orchestrator.formats import dockerfile

    folder = str(PurePosixPath(path).parent)
    if folder == ".":
        return "."
    try:
        parsed = dockerfile.parse(batch.files[path])
    except ParseError:
        return folder
    words = re.findall(r"(?mi)^\s*(?:COPY|ADD)\s+(?!--from)(?:--\S+\s+)*([\w./-]+)\s", parsed.text)
    own = [
        word
        for word in words
        if batch.repository.glob(f"{folder}/{word.strip('./')}", f"{folder}/{word.strip('./')}/**")
    ]
    return folder if not words or own else "."


def _problem(path: str, text: str, said: str) -> Problem:
    lines = [line for line in said.strip().splitlines() if line.strip()]
    message = next((line for line in reversed(lines) if re.match(r"(?i)error", line)), lines[-1] if lines else "")
    stated, step = _LINE.search(said), _STEP.search(said)
    line = int(stated[1]) if stated else 1
    if not stated and step:
        at = text.find(step[2][:40])
        line = Lines(text).place(at)[0] if at >= 0 else 1
    return Problem(path, line, message.strip()[:300] or "does not build", "build")


VALIDATOR = Validator(
    id="image-build", level="execute", kinds=("dockerfile",), run=run, program="buildah", others=("docker",), inner=False,
    adds=Text("that each image builds (base images are fetched)", "que chaque image se construit (les images de base sont téléchargées)"),
)  # fmt: skip
