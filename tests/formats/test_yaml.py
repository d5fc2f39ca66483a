"""formats.yaml: positions are those of the text, edits keep every other byte, the result parses."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Change, Node

EXAMPLES = 60
SCALARS = (
    "1",
    "web",
    '"✓ quoted: yes"',
    "'single ''x'''",
    "",
    "true",
    "'@every 5m'",
    "12:30",
    "3.10",
    "🚀 go",
    "2026-11-23",
)
FLOWS = ("[]", "{}", "[a, 'b, c']", "{x: 1, y: [2, 3]}", "[\n{i}  one,\n{i}  two,  # why\n{i}]", "[a, b,]")
BLOCKS = (
    "|\n{i}  line ✓\n{i}\n{i}    deeper",
    ">-\n{i}  folded\n{i}  text",
    "|+\n{i}  kept\n\n",
    "plain words\n{i}  on two lines",
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A block mapping as people write it: comments, blank lines, anchors, aliases, tabs before comments."""
    anchors: list[str] = []
    numbers = itertools.count()

    def prefix() -> str:
        if draw(st.integers(0, 7)) == 0:
            anchors.append(f"a{next(numbers)}")
            return f"&{anchors[-1]} "
        return ""

    def between(indent: str) -> str:
        return draw(st.sampled_from(("", "", "", "\n", f"{indent}# a comment: - {{x}}\n", "# at the margin\n")))

    def ending() -> str:
        return draw(st.sampled_from(("", "", "", "  # behind ✓", "\t# after a tab")))

    def value(indent: str, depth: int) -> str:
        choice = draw(st.integers(0, 9))
        if choice < 4:
            return f" {prefix()}{draw(st.sampled_from(SCALARS))}{ending()}\n"
        if choice == 4:
            return f" {draw(st.sampled_from(FLOWS)).replace('{i}', indent)}{ending()}\n"
        if choice == 5:
            return f" {draw(st.sampled_from(BLOCKS)).replace('{i}', indent)}\n"
        if choice == 6 and anchors:
            return f" *{draw(st.sampled_from(anchors))}{ending()}\n"
        if depth > 2:
            return f" deep{ending()}\n"
        # The anchor is known only once its node is complete: an alias inside it would be a loop.
        head, before = prefix(), list(anchors)
        anchors[:] = [a for a in before if f"&{a} " != head]
        below = (
            mapping(indent + "  ", depth + 1)
            if choice < 9
            else sequence(indent + draw(st.sampled_from(("", "  "))), depth + 1)
        )
        anchors[:] = list(dict.fromkeys(before + anchors))
        return f" {head}".rstrip() + f"{ending()}\n{below}"

    def mapping(indent: str, depth: int) -> str:
        names = draw(
            st.lists(
                st.sampled_from(("on", "name", "jobs", "'k k'", "✓", "8080", "x-y")),
                min_size=1,
                max_size=4,
                unique=True,
            )
        )
        return "".join(f"{between(indent)}{indent}{name}:{value(indent, depth)}" for name in names)

    def sequence(indent: str, depth: int) -> str:
        parts = []
        for _ in range(draw(st.integers(1, 3))):
            if draw(st.booleans()):
                parts.append(f"{between(indent)}{indent}- {draw(st.sampled_from(SCALARS[:4]))}{ending()}\n")
            else:
                before = list(anchors)
                below = mapping(indent + "  ", depth + 1)
                lead = len(below) - len(below.lstrip())
                if below.lstrip().startswith("#"):
                    below, lead = f"{indent}  z: 1\n", len(indent) + 2
                    anchors[:] = before
                parts.append(f"{between(indent)}{indent}- {below[lead:]}")
        return "".join(parts)

    text = mapping("", 0) + draw(st.sampled_from(("", "", "# the end", "\n\n")))
    if draw(st.integers(0, 4)) == 0:
        text = "# head\n---\n" + text
    if draw(st.integers(0, 3)) == 0:
        text = text.replace("\n", "\r\n")
    return "\ufeff" + text if draw(st.integers(0, 9)) == 0 else text


def parsed(text: str) -> Node:
    return yaml.parse(text)[0]


def made(text: str, change: Change) -> str:
    start, end, new = change
    return text[:start] + new + text[end:]


def paths(node: Node, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Paths of all nodes that have their own place (what stands behind an alias has not)."""
    found = [at]
    if node.alias:
        return found
    for key, value in node.items():
        found += paths(value, (*at, key.scalar))
    for index, child in enumerate(node.children()):
        found += paths(child, (*at, index))
    return found


def maps(root: Node) -> list[tuple[tuple[str | int, ...], Node]]:
    nodes = ((path, root.get(*path)) for path in paths(root))
    return [
        (path, node)
        for path, node in nodes
        if node is not None and node.kind == "map" and not node.alias and list(node.items())
    ]


def referenced(text: str) -> bool:
    return " *a" in text


@settings(max_examples=EXAMPLES, deadline=None)
@given(documents())
def test_positions_are_those_of_the_text(text: str) -> None:
    root = parsed(text)
    for path in paths(root):
        node = root.get(*path)
        assert node is not None
        assert 0 <= node.start <= node.end <= len(text)
        if node.alias:
            assert text[node.start] == "*"
        elif (
            node.kind == "scalar" and node.raw.style is None and node.scalar and "\n" not in text[node.start : node.end]
        ):
            assert text[node.start : node.end] == node.scalar


@settings(max_examples=EXAMPLES, deadline=None)
@given(documents(), st.data())
def test_an_inserted_key_changes_nothing_else(text: str, data: st.DataObject) -> None:
    root = parsed(text)
    path, node = data.draw(st.sampled_from(maps(root)))
    keys = [key.scalar for key, _ in node.items()]
    after = data.draw(st.sampled_from([*keys, None, "absent"]))
    change = yaml.insert_after_key(node, after, "added: yes")
    assert change[0] == change[1]
    again = parsed(made(text, change))
    found = again.get(*path)
    assert found is not None
    assert found.at("added") == "yes"
    order = [key.scalar for key, _ in found.items()]
    place = 0 if after is None else keys.index(after) + 1 if after in keys else len(keys)
    assert order == [*keys[:place], "added", *keys[place:]]
    if not referenced(text):
        expected = {key: value for key, value in found.value.items() if key != "added"}
        assert trimmed(expected) == trimmed(node.value)


@settings(max_examples=EXAMPLES, deadline=None)
@given(documents(), st.data())
def test_an_inserted_block_keeps_its_lines(text: str, data: st.DataObject) -> None:
    root = parsed(text)
    path, node = data.draw(st.sampled_from([(p, n) for p, n in maps(root) if not n.flow]))
    after = data.draw(st.sampled_from([*(key.scalar for key, _ in node.items()), None]))
    changed = made(text, yaml.insert_after_key(node, after, "added:\n  a: 1\n\n  b: |\n    x"))
    found = parsed(changed).get(*path)
    assert found is not None
    assert found.at("added", "a") == 1
    assert found.at("added", "b").strip() == "x"
    assert ("\r\n" in text) == ("\r\n" in changed)
    if "\r\n" in text:
        assert "\n" not in changed.replace("\r\n", "")


@settings(max_examples=EXAMPLES, deadline=None)
@given(documents(), st.data())
def test_an_appended_item_is_the_last(text: str, data: st.DataObject) -> None:
    root = parsed(text)
    lists = [(p, n) for p in paths(root) if (n := root.get(*p)) is not None and n.kind == "list" and not n.alias]
    if not lists:
        return
    path, node = data.draw(st.sampled_from(lists))
    found = parsed(made(text, yaml.append_item(node, "added"))).get(*path)
    assert found is not None
    assert found.value[-1] == "added"
    if not referenced(text):
        assert trimmed(found.value[:-1]) == trimmed(node.value)


@settings(max_examples=EXAMPLES, deadline=None)
@given(documents(), st.data())
def test_a_removed_key_takes_nothing_with_it(text: str, data: st.DataObject) -> None:
    if "&a" in text:
        return  # its aliases would be undefined
    root = parsed(text)
    path, node = data.draw(st.sampled_from(maps(root)))
    keys = [key.scalar for key, _ in node.items()]
    gone = data.draw(st.sampled_from(keys))
    changed = made(text, yaml.remove_pair(node, gone))
    documents = yaml.parse(changed)
    if not documents:
        assert (path, keys) == ((), [gone])
        return
    found = documents[0].get(*path)
    assert found is not None
    left = {key.scalar: value.value for key, value in node.items() if key.scalar != gone}
    assert trimmed({key.scalar: value.value for key, value in found.items()}) == trimmed(left)
    assert changed.count("✓") >= text.count("✓") - text[slice(*yaml.remove_pair(node, gone)[:2])].count("✓")


@settings(max_examples=EXAMPLES, deadline=None)
@given(documents(), st.data())
def test_a_replaced_scalar_keeps_its_anchor(text: str, data: st.DataObject) -> None:
    root = parsed(text)
    scalars = [
        (p, n) for p in paths(root) if p and (n := root.get(*p)) is not None and n.kind == "scalar" and not n.alias
    ]
    if not scalars:
        return
    path, node = data.draw(st.sampled_from(scalars))
    changed = made(text, yaml.replace(node, "other"))
    found = parsed(changed).get(*path)
    assert found is not None
    assert found.value == "other"
    assert changed.count("&") >= text.count("&") - text[node.start : node.end].count("&")


def trimmed(value: object) -> object:
    """Values as they are but for the line break that a last block scalar gets when something follows it."""
    if isinstance(value, dict):
        return {str(key): trimmed(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [trimmed(entry) for entry in value]
    return value.rstrip("\n") if isinstance(value, str) else value


def test_words_stay_words() -> None:
    value = parsed(
        "on: push\nat: 12:30\nday: 2026-11-23\nyes: no\nport: 8080\nok: true\nratio: 1.5\nnone: ~\nbig: 10_000\n"
    ).value
    assert value == {
        "on": "push", "at": "12:30", "day": "2026-11-23", "yes": "no", "port": 8080, "ok": True, "ratio": 1.5, "none": None, "big": 10000,
    }  # fmt: skip
    assert parsed("v: 3.10").get("v").scalar == "3.10"  # type: ignore[union-attr]


def test_merge_keys_and_aliases() -> None:
    text = "base: &b\n  a: 1\n  c: 2\nuse:\n  <<: *b\n  a: 3\nlist:\n  - *b\n"
    root = parsed(text)
    assert root.at("use") == {"a": 3, "c": 2}
    entry = root.get("list", 0)
    assert entry is not None
    assert text[entry.start : entry.end] == "*b"
    assert made(text, yaml.append_item(root.get("list"), "x")) == text + "  - x\n"[:-1] + "\n"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [1\nb: 2\n", (2, 2)),
        ("a: b: c\n", (1, 5)),
        ("a: \x00b", (1, 4)),
        ("a: *nowhere\n", (1, 4)),
        ("x: &a [*a]\n", (1, 1)),
        ("- " * 300_000 + "x", (1, 401)),
        ("[" * 300_000, (1, 201)),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(ParseError) as told:
        yaml.parse(text)
    assert (told.value.line, told.value.column) == place
    assert "\n" not in told.value.text.en


def test_a_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(ParseError, match="expands"):
        yaml.parse("\n".join(lines))


def test_flow_edits() -> None:
    text = "on: {push: {branches: [main]}, pull_request: }\nl: [\n  a, # one\n  b, # two\n]\n"
    root = parsed(text)
    on, items = root.get("on"), root.get("l")
    assert on is not None
    assert items is not None
    assert parsed(made(text, yaml.remove_pair(on, "push"))).at("on") == {"pull_request": None}
    assert parsed(made(text, yaml.remove_pair(on, "pull_request"))).at("on") == {"push": {"branches": ["main"]}}
    changed = made(text, yaml.append_item(items, "c"))
    assert parsed(changed).at("l") == ["a", "b", "c"]
    assert "  c, # two\n" in changed
    with pytest.raises(ValueError, match="flow"):
        yaml.insert_after_key(on, None, "a:\n  b: 1")


def test_the_first_key_behind_a_dash() -> None:
    text = "- name: x\n  # about run\n  run: y\n- only: 1\n- b\n"
    root = parsed(text)
    first, second = root.get(0), root.get(1)
    assert first is not None
    assert second is not None
    assert parsed(made(text, yaml.remove_pair(first, "name"))).at(0) == {"run": "y"}
    assert made(text, yaml.remove_pair(second, "only")) == text.replace("only: 1", "{}")
