"""The laws of a room, for all twenty-four, and of the house."""

import inspect
import re
from collections import Counter
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

from devops_orchestrator import catalog
from devops_orchestrator.core import guide, kinds
from devops_orchestrator.core.params import describe
from devops_orchestrator.core.rule import Rule
from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.routing import sources
from devops_orchestrator.routing.sources import ACTIONS

SOURCE = Path(__file__).parent.parent / "src" / "devops_orchestrator"
ROOMS = [catalog.specialist(agent) for agent in catalog.SPECIALISTS]
each_room = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.id)
KINDS = {kind for kind, _ in kinds.BY_PATH} | {
    "kubernetes", "helm-template", "helm-values", "prometheus", "prometheus-rules", "prometheus-tests", "alertmanager",
    "grafana-dashboard", "grafana-provisioning", "promtail", "loki", "filebeat", "otel-collector", "manifest", "env-example",
}  # fmt: skip


def test_the_catalog_is_the_one_of_the_reference() -> None:
    assert [domain.id for domain in catalog.CATALOG.domains] == [
        "cicd", "containers", "kubernetes", "infrastructure", "monitoring", "deployment",
    ]  # fmt: skip
    assert len(catalog.AGENTS) == 30
    assert len(catalog.SPECIALISTS) == 24
    assert {a.path for a in catalog.CATALOG.authorities} == {
        "direction-technique/infrastructure", "web-dev-process/setup/cicd", "lead-dev/delivery",
    }  # fmt: skip
    assert sum(len(authority.topics) for authority in catalog.CATALOG.authorities) == 10


@each_room
def test_the_id_is_the_path(room: Specialist) -> None:
    module = import_module(room.package)
    assert Path(module.__file__ or "").parent == SOURCE / "domains" / room.id.replace("-", "_")


@each_room
def test_it_speaks_both_languages(room: Specialist) -> None:
    for text in (room.title, room.summary, *room.examples):
        assert text.en.strip()
        assert text.fr.strip()
    for rule in room.rules:
        for text in (rule.title, rule.advice):
            assert text.en.strip()
            assert text.fr.strip()
            assert text.en != text.fr or len(text.en.split()) < 3, rule.id
    assert room.examples, "an example request for `devops agents`"


@each_room
def test_every_parameter_has_a_slot_and_a_plain_type(room: Specialist) -> None:
    for name, slot in room.params.slots().items():
        assert slot.en.strip(), name
        assert slot.fr.strip(), name
        assert slot.example, name
        assert describe(room.params.model_fields[name]), name
        for cue in slot.cues:
            assert cue.islower() or re.search(r"\\[A-Z]", cue) or cue == cue.lower(), f"{name}: cues read folded text"
    room.params()  # every field has a default


@each_room
def test_the_examples_of_parameters_are_allowed(room: Specialist) -> None:
    for name, slot in room.params.slots().items():
        room.params.checked({name: room.params.read(name, slot.example)}, room.id)


@each_room
def test_every_rule_is_listed_once_and_named_by_its_agent(room: Specialist) -> None:
    ids = [rule.id for rule in room.rules]
    assert len(ids) == len(set(ids))
    prefix = room.id.split("/")[1]
    assert all(rule_id.split("/")[0] == prefix for rule_id in ids)
    assert all(re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", rule_id) for rule_id in ids)
    assert room.rules, "a room reviews"
    for rule in room.rules:
        assert set(rule.on) <= set(room.kinds), rule.id
    written = {
        id(value)
        for path in (SOURCE / "domains" / room.id.replace("-", "_")).rglob("*.py")
        for _, value in inspect.getmembers(import_module(_module(path)))
        if isinstance(value, Rule)
    }
    assert written == {id(rule) for rule in room.rules}, "a rule was written and not listed"


def _module(path: Path) -> str:
    relative = path.relative_to(SOURCE.parent).with_suffix("")
    parts = relative.parts[:-1] if relative.name == "__init__" else relative.parts
    return ".".join(parts)


@each_room
def test_its_kinds_are_known(room: Specialist) -> None:
    assert room.kinds
    assert set(room.kinds) <= KINDS


@each_room
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_guide_has_a_section_for_each_rule(room: Specialist, language: str) -> None:
    read = guide.load(room.package, language)
    assert set(read.rules) == {rule.id for rule in room.rules}
    assert read.when
    assert len(read.symptoms) >= 3
    assert all(section.cues for section in read.symptoms), [s.title for s in read.symptoms if not s.cues]


@each_room
def test_both_guides_have_the_same_shape_and_code(room: Specialist) -> None:
    english, french = guide.load(room.package, "en"), guide.load(room.package, "fr")
    assert len(english.symptoms) == len(french.symptoms)
    assert list(english.rules) == list(french.rules)
    for rule_id, section in english.rules.items():
        assert list(section.blocks()) == list(french.rules[rule_id].blocks()), rule_id


@each_room
def test_every_template_is_used(room: Specialist) -> None:
    folder = files(room.package).joinpath("templates")
    if not folder.is_dir():
        return
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (SOURCE / "domains" / room.id.replace("-", "_")).rglob("*.py")
    )
    templates = Path(str(folder))
    for path in templates.rglob("*"):
        if path.is_file():
            name = path.relative_to(templates).as_posix()
            included = any(
                name in other.read_text(encoding="utf-8") for other in templates.rglob("*") if other.is_file()
            )
            assert name in code or path.stem in code or path.name in code or included, f"{name} is used by nobody"


@lru_cache(maxsize=1)
def requests() -> tuple[list[sources.Example], list[sources.Phrase]]:
    return sources.read()


@each_room
def test_it_has_words_and_requests_in_both_languages(room: Specialist) -> None:
    examples, phrases = requests()
    assert any(phrase.label == room.id for phrase in phrases)
    for language in ("en", "fr"):
        asked = Counter(e.action for e in examples if e.label == room.id and e.language == language)
        assert asked.total() >= 250, language
        assert all(asked[action] >= 15 for action in ACTIONS), (language, asked)


@each_room
def test_a_room_that_creates_says_which_files(room: Specialist) -> None:
    assert bool(room.files) == (room.create is not None)


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(SOURCE)): count
        for path in SOURCE.rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "helpers", "manager", "base", "common", "misc"}
    assert [path for path in SOURCE.rglob("*.py") if path.stem in drawers] == []


def test_rule_ids_are_unique_over_all_rooms() -> None:
    ids = [rule.id for room in ROOMS for rule in room.rules]
    assert len(ids) == len(set(ids))
