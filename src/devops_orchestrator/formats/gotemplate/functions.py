"""The functions of Go templates, sprig and Helm that can be computed offline; another one makes a template unrenderable."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any


def truth(value: Any) -> bool:
    """What `if` takes for true."""
    return value is not None and value is not False and value not in (0, "", [], {})


def written(value: Any) -> str:
    """A value as a template prints it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{written(value[key])}" for key in sorted(value, key=str)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(written(one) for one in value) + "]"
    return str(value)


def to_yaml(value: Any) -> str:
    """`toYaml`, without the last line break."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(value, Dumper=dumper, default_flow_style=False, width=10_000, allow_unicode=True)
    return text.removesuffix("...\n").rstrip("\n")


def from_yaml(text: Any) -> Any:
    """`fromYaml`: a map, empty where it is none."""
    import yaml

    found = yaml.load(written(text), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    return found if isinstance(found, dict) else {}


def _quote(*values: Any) -> str:
    return " ".join(json.dumps(written(one), ensure_ascii=False) for one in values if one is not None)


def _indent(count: int, text: Any) -> str:
    pad = " " * int(count)
    return "\n".join(pad + line for line in written(text).split("\n"))


def _number(value: Any) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return 0
    return int(found) if found == int(found) else found


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(one: Any, other: Any) -> bool:
        if isinstance(one, str) != isinstance(other, str) or one is None or other is None:
            return False
        return test(one, other)

    return compare


def _merged(first: dict[str, Any], *others: dict[str, Any], over: bool = False) -> dict[str, Any]:
    for other in others:
        for key, value in (other or {}).items():
            if isinstance(value, dict) and isinstance(first.get(key), dict):
                _merged(first[key], value, over=over)
            elif over or key not in first:
                first[key] = value
    return first


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("-")[0])[:3])


def _semver(constraint: str, version: str) -> bool:
    has = (*_version(version), 0, 0, 0)[:3]
    for alternative in constraint.split("||"):
        good = True
        for mark, number in re.findall(r"([<>=!^~]*)\s*v?(\d[\w.*-]*)", alternative):
            want = (*_version(number), 0, 0, 0)[:3]
            good &= {
                ">=": has >= want, ">": has > want, "<": has < want, "<=": has <= want, "!=": has != want,
                "^": has >= want and has[0] == want[0], "~": has >= want and has[:2] == want[:2],
            }.get(mark, has == want)  # fmt: skip
        if good:
            return True
    return False


def _get(mapping: Any, key: str) -> Any:
    return mapping.get(key, "") if isinstance(mapping, dict) else ""


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def _printf(layout: str, *values: Any) -> str:
    rest = iter(values)

    def fill(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        value = next(rest, "")
        return json.dumps(written(value)) if found[0][-1] == "q" else written(value)

    return re.sub(r"%[-+#0-9.]*[a-zA-Z]|%%", fill, layout)


def _dict(*pairs: Any) -> dict[str, Any]:
    return {str(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=False)}


def _set(mapping: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    mapping[key] = value
    return mapping


def _dig(*arguments: Any) -> Any:
    *keys, default, value = arguments
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return default
        value = value[key]
    return value


def _kind(value: Any) -> str:
    names = {
        dict: "map",
        list: "slice",
        str: "string",
        bool: "bool",
        int: "int",
        float: "float64",
        type(None): "invalid",
    }
    return names.get(type(value), "")


def _cut(length: int, text: Any) -> str:
    return written(text)[:length] if length >= 0 else written(text)[length:]


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "default": lambda fallback, value=None: value if truth(value) else fallback,
    "coalesce": lambda *values: next((one for one in values if truth(one)), None),
    "ternary": lambda yes, no, test: yes if test else no,
    "empty": lambda value: not truth(value),
    "not": lambda value: not truth(value),
    "quote": _quote,
    "squote": lambda *values: " ".join(f"'{written(one)}'" for one in values if one is not None),
    "indent": _indent,
    "nindent": lambda count, text: "\n" + _indent(count, text),
    "toYaml": to_yaml,
    "toJson": lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
    "toRawJson": lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
    "toString": written,
    "trunc": _cut,
    "trim": lambda text: written(text).strip(),
    "trimSuffix": lambda end, text: written(text).removesuffix(end),
    "trimPrefix": lambda start, text: written(text).removeprefix(start),
    "trimAll": lambda marks, text: written(text).strip(marks),
    "replace": lambda old, new, text: written(text).replace(old, new),
    "contains": lambda part, text: part in written(text),
    "hasPrefix": lambda start, text: written(text).startswith(start),
    "hasSuffix": lambda end, text: written(text).endswith(end),
    "lower": lambda text: written(text).lower(),
    "upper": lambda text: written(text).upper(),
    "title": lambda text: written(text).title(),
    "nospace": lambda text: "".join(written(text).split()),
    "repeat": lambda count, text: written(text) * count,
    "cat": lambda *values: " ".join(written(one) for one in values),
    "print": lambda *values: "".join(written(one) for one in values),
    "println": lambda *values: " ".join(written(one) for one in values) + "\n",
    "printf": _printf,
    "eq": lambda one, *others: any(one == other for other in others),
    "ne": lambda one, other: one != other,
    "lt": _compare(lambda one, other: one < other),
    "le": _compare(lambda one, other: one <= other),
    "gt": _compare(lambda one, other: one > other),
    "ge": _compare(lambda one, other: one >= other),
    "int": lambda value: int(_number(value)),
    "int64": lambda value: int(_number(value)),
    "float64": _number,
    "add": lambda *values: int(sum(_number(one) for one in values)),
    "add1": lambda value: int(_number(value)) + 1,
    "sub": lambda one, other: int(_number(one) - _number(other)),
    "mul": lambda one, other: int(_number(one) * _number(other)),
    "max": lambda *values: max(int(_number(one)) for one in values),
    "min": lambda *values: min(int(_number(one)) for one in values),
    "until": lambda count: list(range(int(count))),
    "len": lambda value: len(value or ""),
    "index": _index,
    "get": _get,
    "hasKey": lambda mapping, key: isinstance(mapping, dict) and key in mapping,
    "has": lambda value, values: value in (values or []),
    "keys": lambda *mappings: [key for mapping in mappings for key in mapping],
    "values": lambda mapping: list(mapping.values()),
    "dict": _dict,
    "list": lambda *values: list(values),
    "tuple": lambda *values: list(values),
    "set": _set,
    "unset": lambda mapping, key: {k: v for k, v in mapping.items() if k != key},
    "omit": lambda mapping, *keys: {k: v for k, v in mapping.items() if k not in keys},
    "pick": lambda mapping, *keys: {k: v for k, v in mapping.items() if k in keys},
    "merge": _merged,
    "mergeOverwrite": lambda *maps: _merged(*maps, over=True),
    "mustMerge": _merged,
    "mustMergeOverwrite": lambda *maps: _merged(*maps, over=True),
    "deepCopy": lambda value: json.loads(json.dumps(value)),
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "rest": lambda values: list(values[1:]),
    "append": lambda values, one: [*(values or []), one],
    "prepend": lambda values, one: [one, *(values or [])],
    "concat": lambda *lists: [one for values in lists for one in values or []],
    "uniq": lambda values: list(dict.fromkeys(values)),
    "sortAlpha": lambda values: sorted(written(one) for one in values),
    "compact": lambda values: [one for one in values if truth(one)],
    "join": lambda mark, values: mark.join(written(one) for one in values) if isinstance(values, list) else written(values),
    "splitList": lambda mark, text: written(text).split(mark),
    "dig": _dig,
    "kindOf": _kind,
    "kindIs": lambda kind, value: _kind(value) == kind or (kind == "float64" and isinstance(value, int)),
    "typeOf": _kind,
    "typeIs": lambda kind, value: _kind(value) == kind,
    "fromYaml": from_yaml,
    "regexReplaceAll": lambda pattern, text, new: re.sub(pattern, re.sub(r"\$\{?(\d+)\}?", r"\\\1", new), written(text)),
    "regexMatch": lambda pattern, text: re.search(pattern, written(text)) is not None,
    "b64enc": lambda text: base64.b64encode(written(text).encode()).decode(),
    "b64dec": lambda text: base64.b64decode(written(text)).decode("utf-8", "replace"),
    "sha256sum": lambda text: hashlib.sha256(written(text).encode()).hexdigest(),
    "semverCompare": _semver,
    "lookup": lambda *_: {},
    "randAlphaNum": lambda count: "x" * int(count),
    "randAlpha": lambda count: "x" * int(count),
    "now": lambda: "",
    "date": lambda layout, moment: "",
}  # fmt: skip
