"""Rules on base images: their tag, their end of life, their agreement with the project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.rules.reading import View, mounts
from devops_orchestrator.formats.dockerfile import Stage, expand
from devops_orchestrator.text import Text

DOCS = "https://docs.docker.com/build/building/best-practices/"
TEST_FIRST = Text(
    "Run the tests with this version first: a language version can change behaviour.",
    "Passez d'abord les tests avec cette version : un changement de version du langage peut changer le comportement.",
)


def bases(view: View) -> Iterator[tuple[Stage, images.Reference]]:
    """Each stage that starts from an external image, with the image as the build sees it."""
    for stage in view.file.stages:
        image = view.file.image(stage)
        if image is None or view.file.parent(stage) is not None or image.lower() == "scratch":
            continue
        yield stage, images.reference(image)


def retag(view: View, stage: Stage, ref: images.Reference, tag: str, *, title: Text) -> Fix | None:
    """The unsafe fix that gives a stage another tag: at its FROM, or at the global ARG that alone holds the version."""
    word = stage.origin.words[0]
    if "$" not in word.value:
        written = word.value.partition("@")[0]
        new = written.rpartition(":")[0] if ref.tag else written
        return Fix((view.source.edit(word.start, word.end, f"{new}:{tag}"),), safe=False, title=title, needs=TEST_FIRST)
    for item in view.file.head:
        for pair in item.pairs:
            uses = re.findall(rf"\$\{{?{pair.key}\b", view.file.text[item.end :])
            if pair.value is None or len(uses) != 1 or f"{pair.key}" not in word.value:
                continue
            for candidate in _versions(tag):
                filled = expand(word.value, {**view.file.globals, pair.key: candidate})
                if filled and filled.rpartition(":")[2] == tag:
                    edit = view.source.edit(pair.value_start, pair.end, candidate)
                    return Fix((edit,), safe=False, title=title, needs=TEST_FIRST)
    return None


def _versions(tag: str) -> list[str]:
    number = re.match(r"\d+(\.\d+)*", tag)
    return [tag, *([number[0]] if number else [])]


def _runtime(view: View, product: str | None) -> str | None:
    """The project's version of a runtime, where it says one."""
    component = view.component
    runtime = component.runtime if component else None
    if runtime is None or runtime.version is None or component is None:
        return None
    if images.RUNTIMES.get(runtime.name, runtime.name) != product:
        return None
    evidence = component.evidence.get("runtime", "")
    return None if evidence.startswith("convention") or "ockerfile" in evidence else runtime.version


@rule(
    "docker/floating-tag", Severity.WARNING, on="dockerfile", url=f"{DOCS}#pin-base-image-versions",
    title=Text("The base image names no version", "L'image de base n'indique pas de version"),
    advice=Text(
        "A tag such as latest or alpine moves to the next major version without a change in your repository: the same commit builds another image tomorrow.",
        "Un tag comme latest ou alpine passe à la version majeure suivante sans changement dans votre dépôt : le même commit construit demain une autre image.",
    ),
)  # fmt: skip
def floating_tag(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage, ref in bases(view):
        if ref.digest or not _floats(ref):
            continue
        word = stage.origin.words[0]
        named = f"{ref.name}:{ref.tag}" if ref.tag else ref.name
        tag = _pinned(view, ref)
        fix = None
        if tag and "$" not in word.value:
            title = Text(f"Pin {ref.name}:{tag}", f"Fixer {ref.name}:{tag}")
            fix = retag(view, stage, ref, tag, title=title)
        yield Hit(
            word.start, word.end,
            Text(f"{named} names no version: it changes under you.", f"{named} n'indique pas de version : l'image change sans prévenir."),
            fix,
        )  # fmt: skip
    for item in view.file.instructions:
        flag = item.flag("from") if item.name == "COPY" else None
        places = [(flag.value, flag.start, flag.end)] if flag else []
        places += (
            [(m["from"], item.start, item.args_start) for m in mounts(item, "bind") if "from" in m]
            if item.name == "RUN"
            else []
        )
        for image, start, end in places:
            ref = images.reference(image)
            if "/" in image and "$" not in image and view.file.stage(image) is None and not ref.digest and _floats(ref):
                yield Hit(
                    start, end,
                    Text(f"{image} is copied from without a version.", f"La copie depuis {image} n'indique pas de version."),
                )  # fmt: skip


def _floats(ref: images.Reference) -> bool:
    if ref.distroless and "-debian" in ref.name:
        return False  # distroless carries its versions in its name, and publishes no version tags
    if ref.tag is None or ref.tag == "latest":
        return True
    if ref.product is None:
        return False  # what the tags of other images mean is not known
    return ref.version is None and ref.os is None


def _pinned(view: View, ref: images.Reference) -> str | None:
    """The tag with the project's version of the runtime, else the newest supported one, in the same variant."""
    if ref.product is None or (ref.tag is None and ref.name not in images.PRODUCTS):
        return None
    version = _runtime(view, ref.product) or images.newest(ref.product)
    variant = re.sub(r"^(latest|lts|current|mainline|stable)-?", "", ref.tag or "")
    return images.tag(ref.name, version, variant) if version else None


@rule(
    "docker/end-of-life-base", Severity.WARNING, on="dockerfile", url="https://endoflife.date/",
    title=Text("The base image is past its end of life", "L'image de base est en fin de vie"),
    advice=Text(
        "No security fixes are published for it any more, and its package archives move away: one day the build fails, before that the image has known holes.",
        "Elle ne reçoit plus de correctifs de sécurité et ses archives de paquets finissent par être déplacées : un jour le build échoue, et d'ici là l'image a des failles connues.",
    ),
)  # fmt: skip
def end_of_life(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage, ref in bases(view):
        word = stage.origin.words[0]
        version = ref.product_version
        product = ref.product or ref.server
        over = images.end_of_life(product, version) if product and version else None
        if over and product and version:
            yield Hit(
                word.start,
                word.end,
                _ended(images.NAMES[product], version, over),
                _newer(view, stage, ref, version) if ref.product else None,
            )
        elif ref.os and (over := images.end_of_life(*ref.os)):
            fix = None
            if version and (tag := images.same_variant(ref, version)) and tag != ref.tag:
                fix = retag(view, stage, ref, tag, title=Text(f"Use {ref.name}:{tag}", f"Utiliser {ref.name}:{tag}"))
            yield Hit(word.start, word.end, _ended(images.NAMES[ref.os[0]], ref.os[1], over), fix)


def _ended(name: str, version: str, over: images.Ended) -> Text:
    told = images.today()
    return Text(
        f"{name} {version} has been out of support {over.since.en} (as of {told}).",
        f"{name} {version} n'est plus maintenu {over.since.fr} (au {told}).",
    )


def _newer(view: View, stage: Stage, ref: images.Reference, version: str) -> Fix | None:
    """The nearest supported version above in the same variant; the project's own where it is supported."""
    assert ref.product is not None
    known = images.supported(ref.product)
    own = _runtime(view, ref.product)
    wanted = [own] if own and not images.end_of_life(ref.product, own) else []
    wanted += [v for v in reversed(known) if images.numbers(v) > images.numbers(version)[: len(images.numbers(v))]]
    for candidate in wanted:
        if tag := images.same_variant(ref, candidate):
            return retag(view, stage, ref, tag, title=Text(f"Use {ref.name}:{tag}", f"Utiliser {ref.name}:{tag}"))
    return None


@rule(
    "docker/runtime-mismatch", Severity.WARNING, on="dockerfile", url=DOCS,
    title=Text("The image's language version is not the project's", "La version du langage dans l'image n'est pas celle du projet"),
    advice=Text(
        "The tests ran with one version and production runs another: what was tested is not what is delivered.",
        "Les tests passent avec une version et la production en exécute une autre : ce qui est livré n'est pas ce qui a été testé.",
    ),
)  # fmt: skip
def runtime_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage, ref in bases(view):
        said = _runtime(view, ref.product)
        version = ref.product_version
        component = view.component
        if (
            not said
            or not version
            or component is None
            or _agree(
                ref.product or "",
                said,
                version,
                component.evidence.get("runtime", ""),
                component.traits.get("runtime_constraint", ""),
            )
        ):
            continue
        word = stage.origin.words[0]
        evidence = component.evidence.get("runtime", "")
        tag = None if images.end_of_life(ref.product or "", said) else images.same_variant(ref, said)
        title = Text(f"Use {ref.name}:{tag}", f"Utiliser {ref.name}:{tag}")
        fix = retag(view, stage, ref, tag, title=title) if tag else None
        name = images.NAMES[ref.product or ""]
        path, _, line = evidence.partition(":")
        related = (Related(path, int(line), Text(f"{name} {said}", f"{name} {said}")),) if line.isdigit() else ()
        yield Hit(
            word.start, word.end,
            Text(
                f"The image has {name} {version}; the project says {said} ({evidence}).",
                f"L'image contient {name} {version} ; le projet indique {said} ({evidence}).",
            ),
            fix, related,
        )  # fmt: skip


# Files that give a lowest version, not the one that is used.
_MINIMUM = re.compile(
    r"(^|/)(pyproject\.toml|package\.json|composer\.json|go\.mod|setup\.(py|cfg)|Cargo\.toml|Gemfile)(:|$)"
)


def _agree(product: str, said: str, version: str, evidence: str, constraint: str) -> bool:
    """Whether an image's version is the project's, as far as both are written, or one that its constraint admits."""
    ours, theirs = images.numbers(version), images.numbers(said)
    depth = min(len(ours), len(theirs), 1 if product in ("node", "java") else 2)
    if ours[:depth] == theirs[:depth]:
        return True
    if not _MINIMUM.search(evidence) or ours[:depth] < theirs[:depth]:
        return False
    return not constraint or any(_admits(part, ours) for part in re.split(r"\|\|?", constraint))


def _admits(constraint: str, ours: tuple[int, ...]) -> bool:
    """Whether a constraint such as `>=20 <25` or `^8.2` admits a version that is above its lowest."""
    uppers = [images.numbers(upper) for upper in re.findall(r"<=?\s*v?(\d+(?:\.\d+)*)", constraint)]
    if ">" in constraint:
        return all(ours < upper for upper in uppers)
    lowest = images.numbers(constraint)
    return "^" in constraint and bool(lowest) and ours[:1] == lowest[:1]


RULES = (floating_tag, end_of_life, runtime_mismatch)
