"""Rules on what the stages of a build give to each other: stages that exist, arguments that arrive, one version of a language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.rules.bases import bases
from devops_orchestrator.domains.containers.docker.rules.reading import View, commands, mounts
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.dockerfile import Instruction, Stage
from devops_orchestrator.text import Text

REFERENCE = "https://docs.docker.com/reference/dockerfile/"
# What stages are called, and no official image is.
_STAGE_NAMES = re.compile(
    r"(build|builder|base|deps|dependencies|production|prod|runtime|runner|final|release|assets|frontend|backend|vendor|installer|prepare|compile|test|app)([-_]?\w+)?"
)
_GIVEN = frozenset(
    {
        "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY", "TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT",
        "BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT", "SOURCE_DATE_EPOCH",
    }
)  # fmt: skip


@rule(
    "docker/unknown-stage", Severity.ERROR, on="dockerfile", url=f"{REFERENCE}#copy---from",
    title=Text("A stage that this Dockerfile does not have", "Une étape que ce Dockerfile n'a pas"),
    advice=Text(
        "Docker then takes the name for an image of the registry: the build fails with \"pull access denied\", or takes a stranger's image.",
        "Docker prend alors ce nom pour une image du registre : le build échoue avec « pull access denied », ou prend l'image d'un inconnu.",
    ),
)  # fmt: skip
def unknown_stage(source: Source, project: Project) -> Iterator[Hit]:
    """`--from=` and FROM with a bare name that is a stage's by one letter, or that stages usually have; named contexts are left alone."""
    view = View(source, project)
    names = [stage.name for stage in view.file.stages if stage.name]
    for stage in view.file.stages:
        earlier = [s.name for s in view.file.stages[: stage.index] if s.name]
        for name, start, end in _from(stage):
            bare = bool(re.fullmatch(r"[a-z0-9][\w.-]*", name)) and not name.isdigit()
            if not bare or name == "scratch" or name.lower() in earlier or _context_named(project, name):
                continue
            later = name.lower() in names[len(earlier) :]
            near = [known for known in earlier if _one_letter(name.lower(), known)]
            if not later and not near and not (earlier and _STAGE_NAMES.fullmatch(name.lower())):
                continue
            fix = (
                Fix((source.edit(start, end, near[0]),), False, Text(f"Use {near[0]}", f"Utiliser {near[0]}"), _CHECK)
                if len(near) == 1
                else None
            )
            told = (
                Text("it comes later in the file", "elle vient plus loin dans le fichier")
                if later
                else Text(f"there are {', '.join(earlier) or 'none'}", f"il y a {', '.join(earlier) or 'aucune étape'}")
            )
            yield Hit(
                start, end,
                Text(f"No stage before this is called {name}: {told.en}.", f"Aucune étape précédente ne s'appelle {name} : {told.fr}."),
                fix,
            )  # fmt: skip


_CHECK = Text("The files must come from this stage.", "Les fichiers doivent venir de cette étape.")


def _from(stage: Stage) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of each image or stage that a stage names."""
    word = stage.origin.words[0]
    yield word.value, word.start, word.end
    for item in stage.instructions:
        flag = item.flag("from") if item.name == "COPY" else None
        if flag is not None:
            yield flag.value, flag.end - len(flag.value), flag.end
        for options in mounts(item, "bind") + mounts(item, "cache") if item.name == "RUN" else []:
            if "from" in options:
                yield options["from"], item.start, item.args_start


def _context_named(project: Project, name: str) -> bool:
    """Whether a compose file, a bake file, a workflow or a script gives the build a context of this name."""
    word = re.compile(rf"(?m)\b{re.escape(name)}\s*[=:]")
    for path in (*project.of_kind("docker-bake"), *project.of_kind("compose"), *project.of_kind("github-workflow")):
        text = project.repository.read(path) or ""
        if re.search(r"contexts|build-context", text) and word.search(text):
            return True
    return any(
        "--build-context" in (project.repository.read(path) or "")
        for path in project.repository.glob("Makefile", "**/*.mk", "justfile")
    )


def _one_letter(one: str, other: str) -> bool:
    if (
        abs(len(one) - len(other)) > 1
        or min(len(one), len(other)) < 4
        or one == other
        or re.sub(r"\d", "", one) == re.sub(r"\d", "", other)
    ):
        return False
    if len(one) == len(other):
        wrong = [i for i in range(len(one)) if one[i] != other[i]]
        swapped = (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and one[wrong[0]] == other[wrong[1]]
            and one[wrong[1]] == other[wrong[0]]
        )
        return len(wrong) == 1 or swapped
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


@rule(
    "docker/argument-out-of-scope", Severity.ERROR, on="dockerfile", url="https://docs.docker.com/build/building/variables/#scoping",
    title=Text("An ARG that does not reach this stage", "Un ARG qui n'atteint pas cette étape"),
    advice=Text(
        "An ARG before the first FROM counts for FROM lines only. In a stage it is empty, without a word, until the stage repeats `ARG NAME`.",
        "Un ARG placé avant le premier FROM ne vaut que pour les lignes FROM. Dans une étape il est vide, sans avertissement, tant que l'étape ne répète pas `ARG NOM`.",
    ),
)  # fmt: skip
def argument_out_of_scope(source: Source, project: Project) -> Iterator[Hit]:
    """A use of a global ARG in a stage that neither declares it nor sets a variable of its name."""
    view = View(source, project)
    for stage in view.file.stages:
        known: set[str] = {p.key for s in view.file.lineage(stage)[:-1] for i in s.of("ARG", "ENV") for p in i.pairs}
        told: set[str] = set()
        for item in stage.instructions:
            if item.name in ("ARG", "ENV"):
                known |= {pair.key for pair in item.pairs}
            for name, start, end in _uses(item):
                if name not in view.file.globals or name in known | told | _GIVEN:
                    continue
                told.add(name)
                at = view.source.lines.start(item.line)
                head = next(i for i in view.file.head for p in i.pairs if p.key == name)
                eol = "\r\n" if "\r\n" in source.text else "\n"
                origin = stage.origin
                place = source.lines.end(source.lines.place(origin.end)[0])
                needs = Text(
                    "The build now uses its value: the result may change.",
                    "Le build utilise désormais sa valeur : le résultat peut changer.",
                )
                fix = (
                    Fix(
                        (source.edit(place, place, f"{eol}ARG {name}"),),
                        False,
                        Text(f"Repeat ARG {name}", f"Répéter ARG {name}"),
                        needs,
                    )
                    if at > origin.start
                    else None
                )
                yield Hit(
                    start, end,
                    Text(f"{name} is empty here: its ARG stands before FROM.", f"{name} est vide ici : son ARG précède FROM."),
                    fix, (Related(source.path, head.line, Text("declared here", "déclaré ici")),),
                )  # fmt: skip


def _uses(item: Instruction) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of the variables in an instruction whose value the build fills or the shell takes from it."""
    if item.name not in ("RUN", "ENV", "ARG", "COPY", "ADD", "WORKDIR", "LABEL", "USER", "EXPOSE"):
        return
    text = item.masked[item.args_start : item.args_end]
    if item.name == "RUN" and (item.heredocs or item.json is not None):
        return
    set_here = (
        {name for command in commands(item) for name in _assigned(command.environment)} if item.name == "RUN" else set()
    )
    set_here |= (
        set(
            re.findall(
                r"(?:^|[\s;&|(])(?:export\s+|local\s+|read\s+(?:-\w+\s+)*|for\s+)?([A-Za-z_]\w*)(?:=|\s+in\s)", text
            )
        )
        if item.name == "RUN"
        else set()
    )
    for found in re.finditer(r"(?<![\\$])\$(?:(\w+)|\{(\w+)\})", text):
        name = found[1] or found[2]
        if item.name == "RUN" and re.search(rf"\bread\s+(-\w+\s+)*{name}\b", text):
            continue
        quoted = item.name == "RUN" and text[: found.start()].count("'") % 2
        if name not in set_here and not quoted:
            yield name, item.args_start + found.start(), item.args_start + found.end()


def _assigned(environment: tuple[str, ...]) -> list[str]:
    return [part.partition("=")[0] for part in environment]


@rule(
    "docker/unused-argument", Severity.INFO, on="dockerfile", url="https://docs.docker.com/build/building/variables/",
    title=Text("An ARG that nothing uses", "Un ARG que rien n'utilise"),
    advice=Text(
        "Whoever changes it believes that it has an effect: a version written here is not the one that is built.",
        "Qui le modifie croit que cela a un effet : la version écrite ici n'est pas celle qui est construite.",
    ),
)  # fmt: skip
def unused_argument(source: Source, project: Project) -> Iterator[Hit]:
    """A global ARG that no FROM line, no other global ARG and no stage takes."""
    view = View(source, project)
    for item in view.file.head:
        for pair in item.pairs if "#" not in item.arguments else ():
            rest = source.text[item.end :]
            if pair.key in _GIVEN | {"BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SYNTAX"} or re.search(
                rf"(?<!\w){re.escape(pair.key)}(?!\w)", rest
            ):
                continue
            yield Hit(pair.start, pair.end, Text(f"Nothing uses {pair.key}.", f"Rien n'utilise {pair.key}."))


@rule(
    "docker/versions-differ", Severity.WARNING, on="dockerfile", url="https://docs.docker.com/build/building/multi-stage/",
    title=Text("Two versions of one language in the images of one application", "Deux versions d'un langage dans les images d'une application"),
    advice=Text(
        "What is installed or tried out with one version runs with the other: native modules do not load, and what works in development fails in production.",
        "Ce qui est installé ou essayé avec une version s'exécute avec l'autre : les modules natifs ne se chargent pas, et ce qui marche en développement échoue en production.",
    ),
)  # fmt: skip
def versions_differ(source: Source, project: Project) -> Iterator[Hit]:
    """Stages whose files end in the final image, and the other Dockerfiles of the same component, against the version of this one."""
    view = View(source, project)
    mine = _version_of(view)
    if mine is None:
        return
    product, version, stage = mine
    for other, ref in bases(view):
        theirs = ref.product_version
        if ref.product != product or not theirs or _same(product, theirs, version) or not _delivers(view, other):
            continue
        word = other.origin.words[0]
        name = images.NAMES[product]
        yield Hit(
            word.start, word.end,
            Text(f"This stage has {name} {theirs}, the final image {version}.", f"Cette étape a {name} {theirs}, l'image finale {version}."),
            related=(Related(source.path, stage.origin.line, Text(f"{name} {version}", f"{name} {version}")),),
        )  # fmt: skip
    other_file = _production(view)
    if (
        other_file is not None
        and (real := _version_of(other_file)) is not None
        and real[0] == product
        and not _same(product, real[1], version)
    ):
        word = view.file.lineage(view.final)[0].origin.words[0]
        name = images.NAMES[product]
        yield Hit(
            word.start, word.end,
            Text(
                f"{name} {version} here, {name} {real[1]} in {other_file.source.path}.", f"{name} {version} ici, {name} {real[1]} dans {other_file.source.path}."
            ),
            related=(Related(other_file.source.path, real[2].origin.line, Text(f"{name} {real[1]}", f"{name} {real[1]}")),),
        )  # fmt: skip


def _version_of(view: View) -> tuple[str, str, Stage] | None:
    """(product, version, stage) of the final image's language, where its base names one."""
    root = view.file.lineage(view.final)[0]
    ref = images.reference(view.base or "")
    languages = ("python", "node", "php", "ruby", "java", "elixir", "dotnet", "bun")
    return (ref.product, ref.product_version, root) if ref.product in languages and ref.product_version else None


def _same(product: str, one: str, other: str) -> bool:
    ours, theirs = images.numbers(one), images.numbers(other)
    depth = min(len(ours), len(theirs), 1 if product in ("node", "java", "dotnet", "bun") else 2)
    return ours[:depth] == theirs[:depth]


def _delivers(view: View, stage: Stage) -> bool:
    """Whether the final image takes installed dependencies from a stage (compiled pages and files need no same version)."""
    for item in view.lineage:
        flag = item.flag("from") if item.name == "COPY" else None
        origin = view.file.stage(flag.value) if flag else None
        taken = " ".join(word.value for word in item.operands[:-1])
        if (
            origin is not None
            and stage in view.file.lineage(origin)
            and re.search(r"node_modules|\.venv|/venv|site-packages|/usr/local/bundle|vendor/bundle|/gems", taken)
        ):
            return True
    return False


def _production(view: View) -> View | None:
    """The Dockerfile of the same folder that is called just so, for one of another name (`Dockerfile.dev`)."""
    name = view.source.path.rpartition("/")[2]
    if name in ("Dockerfile", "Containerfile") or not re.fullmatch(
        r"(Dockerfile|Containerfile)[._-](dev|development|local|test|ci|prod|production)|(dev|prod|test)[._-]?Dockerfile",
        name,
        re.I,
    ):
        return None
    path = f"{view.folder}/Dockerfile".removeprefix("./")
    text = view.project.repository.read(path)
    if text is None:
        return None
    other = View(Source(path, text, "dockerfile"), view.project)
    try:
        return other if other.file.stages else None
    except ParseError:
        return None


RULES = (unknown_stage, argument_out_of_scope, unused_argument, versions_differ)
