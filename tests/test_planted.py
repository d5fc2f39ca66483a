"""The corpus of planted defects is sound: every edit applies, every expected line exists, every file can be read.

What the review makes of it is measured by `benchmarks/review/planted.py`.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

PATH = Path(__file__).parent.parent / "benchmarks" / "review" / "planted.py"


def _module() -> Any:
    spec = importlib.util.spec_from_file_location("planted", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["planted"] = module  # a dataclass looks its module up
    spec.loader.exec_module(module)
    return module


planted = _module()
APPS: list[str] = planted.apps()
DEFECTS = [defect for app in APPS for defect in planted.planted(app)]
KEYS = {"id", "description", "class", "edits", "expect", "rule"}


def _parse(path: str, text: str) -> None:
    if path.endswith((".yml", ".yaml")) and "/templates/" not in path:
        list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    elif path.endswith(".json") and "tsconfig" not in path:
        json.loads(text)
    elif path.endswith((".toml", "uv.lock")):
        tomllib.loads(text)
    elif path.endswith(".py"):
        ast.parse(text)
    elif path.endswith(".xml"):
        ElementTree.fromstring(text)


def test_there_are_enough() -> None:
    assert len(APPS) == 5
    assert len(DEFECTS) >= 65


@pytest.mark.parametrize("app", APPS)
def test_every_file_can_be_read(app: str) -> None:
    for path, text in planted.clean(app).items():
        _parse(path, text)


@pytest.mark.parametrize("app", APPS)
def test_ids_are_unique(app: str) -> None:
    ids = [defect.entry["id"] for defect in planted.planted(app)]
    assert len(ids) == len(set(ids))


def _changed(defect: Any, clean: dict[str, str]) -> Iterator[tuple[str, str]]:
    for path, text in defect.applied(clean).items():
        if clean.get(path) != text:
            yield path, text


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.id)
def test_a_defect_applies(defect: Any) -> None:
    clean = planted.clean(defect.app)
    assert set(defect.entry) == KEYS
    changed = dict(_changed(defect, clean))
    for path, text in changed.items():
        _parse(path, text)
    assert changed or any(edit.get("delete") for edit in defect.entry["edits"])
    assert defect.places(defect.applied(clean))
