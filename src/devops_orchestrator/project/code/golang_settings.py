"""What configures a Go program: flags (flag, pflag, kingpin, urfave/cli), viper and koanf keys, tagged struct fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.tree import parent

if TYPE_CHECKING:
    from devops_orchestrator.project.code.golang_values import Values

Node = Any
_FLAG = lazy(r"(Int|Int16|Int32|Int64|Uint|Uint16|Uint32|String|Bool|Duration|StringSlice|StringArray)(Var)?(P?)")
_CLI_FLAG = lazy(r"(?:\w+\.)?(Int|Uint|String|Bool|Duration|Path)\w*Flag")
_GETTER = lazy(r"(Get)?(Int|Int16|Int32|Int64|Uint|Uint16|String|Path|MustInt|MustString)")
_PREFIX = lazy(r'\b(?:envPrefix|env-prefix):"(\w+)"')
_TAG = lazy(r'([\w-]+):"((?:[^"\\]|\\.)*)"')
# Where go-flags, kong, caarlos0/env, envconfig, cleanenv and koanf say a default and a variable.
_DEFAULTS = ("envDefault", "default", "env-default", "arg-default")
_VARIABLES = ("env", "envconfig", "mapstructure")


@dataclass(frozen=True)
class Flag:
    """A flag or a configuration key: its value as far as it is said, what it is bound to, and where."""

    name: str
    value: Value
    evidence: str
    target: str = ""  # the variable or field that `IntVar(&port, …)` fills
    folder: str = ""


@dataclass(frozen=True)
class Field:
    """A struct field with tags: the variable and the default that they name."""

    name: str
    tags: dict[str, str]
    evidence: str
    struct: str
    prefix: str = ""  # what an `envPrefix` around it puts before its variable

    @property
    def variable(self) -> str | None:
        """The environment variable, or None."""
        found = next((self.tags[tag] for tag in _VARIABLES if self.tags.get(tag)), "").partition(",")[0]
        return self.prefix + found if re.fullmatch(r"[A-Z][A-Z0-9_]*", found) else None

    @property
    def default(self) -> str | None:
        """The default, or None."""
        given = next((self.tags[tag] for tag in _DEFAULTS if tag in self.tags), None)
        if given is None and (said := re.search(r"(?:^|,)\s*default:([^,]*)", self.tags.get("conf", ""))):
            return said[1]
        if given is None and (found := re.search(r"(?:^|,)\s*default=([^,]*)", self.tags.get("env", ""))):
            return found[1]
        return given

    @property
    def required(self) -> bool:
        """Whether the tags say that the variable must be there."""
        said = re.search(r"(^|,)\s*(required|notEmpty)\b", self.tags.get("env", "").partition(",")[2])
        checked = "required" in self.tags.get("validate", "").split(",") and self.default is None
        return bool(said) or checked or "true" in (self.tags.get("required"), self.tags.get("env-required"))


class Settings:
    """The settings of one program."""

    def __init__(self, values: Values) -> None:
        self.values = values

    @cached_property
    def flags(self) -> list[Flag]:
        """Flags in the order of the code."""
        found: list[Flag] = []
        for name, entries in self.values.calls.items():
            kind = _FLAG.fullmatch(name)
            for source, call in entries if kind or name == "Default" else ():
                flag = (
                    self._kingpin(source, call)
                    if kind is None
                    else self._flag(source, call, kind[2] == "Var", kind[3] == "P")
                )
                if flag is not None:
                    found.append(flag)
        for source, literal in self.values.nodes("composite_literal"):
            kind_ = literal.field("type")
            if kind_ is not None and _CLI_FLAG.fullmatch(kind_.text()) and (flag := self._urfave(source, literal)):
                found.append(flag)
        return found

    def _flag(self, source: Source, call: Node, bound: bool, short: bool) -> Flag | None:
        arguments = list(children(call.field("arguments")))
        at = 1 if bound else 0
        name = _text(arguments[at]) if len(arguments) > at + 1 else None
        if name is None or not re.fullmatch(r"[A-Za-z][\w.-]*", name) or len(arguments) < at + 3:
            return None  # a flag has a name, a default and a usage
        value = self.values.value(source, arguments[at + (2 if short else 1)], 2)
        target = arguments[0].text().lstrip("&").rpartition(".")[2] if bound else _target(call)
        return Flag(name, value, source.at(call), target, parent(source.path))

    def _kingpin(self, source: Source, call: Node) -> Flag | None:
        """`app.Flag("listen", "…").Default(":9100").Envar("LISTEN")`."""
        found = re.search(r'\.Flag\(\s*"([\w.-]+)"', call.text())
        arguments = list(children(call.field("arguments")))
        if found is None or not arguments:
            return None
        around = next(
            (one for one in call.ancestors() if one.kind() not in ("selector_expression", "call_expression")), None
        )
        variable = re.search(r'\.Envar\(\s*"(\w+)"', around.text() if around is not None else "")
        value = self.values.value(source, arguments[0], 2)
        return Flag(
            found[1],
            Value(value.constant, variable[1] if variable else None),
            source.at(call),
            _target(call),
            parent(source.path),
        )

    def _urfave(self, source: Source, literal: Node) -> Flag | None:
        """`&cli.IntFlag{Name: "port", Value: 8080, EnvVars: []string{"PORT"}}`."""
        fields: dict[str, Node] = {}
        for element in children(literal.field("body")):
            parts = list(children(element)) if element.kind() == "keyed_element" else []
            if len(parts) == 2:
                fields[parts[0].text()] = parts[1]
        name = _text(fields.get("Name"))
        if name is None:
            return None
        value = self.values.value(source, fields.get("Value"), 2)
        given = next((fields[key] for key in ("EnvVars", "EnvVar", "Sources") if key in fields), None)
        variables = re.findall(r'"([A-Z][A-Z0-9_]*)[",]', given.text()) if given is not None else []
        target = re.sub(r"^&", "", fields["Destination"].text()).rpartition(".")[2] if "Destination" in fields else ""
        return Flag(
            name,
            Value(value.constant, variables[0] if variables else None),
            source.at(literal),
            target,
            parent(source.path),
        )

    @cached_property
    def keys(self) -> dict[str, Flag]:
        """Configuration keys (viper, koanf) with a default or a variable → the first of each."""
        found: dict[str, Flag] = {}
        for source, call in self.values.calls.get("SetDefault", []):
            arguments = list(children(call.field("arguments")))
            key = _text(arguments[0]) if len(arguments) == 2 else None
            if key:
                value = self.values.value(source, arguments[1], 2)
                found.setdefault(key.lower(), Flag(key, Value(value.constant, self.variable(key)), source.at(call)))
        for source, call in self.values.calls.get("BindEnv", []):
            texts = [text for argument in children(call.field("arguments")) if (text := _text(argument))]
            if texts:
                known = found.get(texts[0].lower())
                name = texts[1] if len(texts) > 1 else self.prefix + texts[0].upper()
                constant = known.value.constant if known else None
                found[texts[0].lower()] = Flag(
                    texts[0], Value(constant, name), known.evidence if known else source.at(call)
                )
        return found

    @cached_property
    def prefix(self) -> str:
        """What viper puts before the names of variables: `SetEnvPrefix("shop")` → `SHOP_`."""
        for _, call in self.values.calls.get("SetEnvPrefix", []):
            text = _text(next(children(call.field("arguments")), None))
            if text:
                return text.upper() + "_"
        return ""

    @cached_property
    def automatic(self) -> bool:
        """Whether viper reads every key from the environment."""
        return "AutomaticEnv" in self.values.calls

    @cached_property
    def replaced(self) -> bool:
        """Whether dots of keys are underscores in the environment."""
        return "SetEnvKeyReplacer" in self.values.calls

    def variable(self, key: str) -> str | None:
        """The variable that viper reads for a key, where it reads the environment."""
        if not self.automatic or (re.search(r"[.-]", key) and not self.replaced):
            return None
        return self.prefix + re.sub(r"[.-]", "_", key).upper()

    @cached_property
    def fields(self) -> list[Field]:
        """The struct fields whose tags name a variable or a default."""
        found: list[Field] = []
        for source, node in self.values.nodes("field_declaration"):
            name, tag = node.field("name"), node.field("tag")
            if tag is None:
                continue
            tags = dict(_TAG.findall(tag.text()[1:-1]))
            if not any(key in tags for key in (*_DEFAULTS, *_VARIABLES, "conf")):
                continue
            around = next((one for one in node.ancestors() if one.kind() == "type_spec"), None)
            struct = around.field("name").text() if around is not None else ""
            own = name.text() if name is not None else node.field("type").text()
            prefix = _prefix(node) or self.prefixes.get(struct, "")
            found.append(Field(own, tags, source.at(node), struct, prefix))
        return found

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Struct → what stands before its variables where it is a field: `DB Database `envPrefix:"DB_"``."""
        found: dict[str, str] = {}
        for _, node in self.values.nodes("field_declaration"):
            tag, kind = node.field("tag"), node.field("type")
            said = _PREFIX.search(tag.text()) if tag is not None else None
            if said and kind is not None:
                found.setdefault(kind.text().lstrip("*").rpartition(".")[2], said[1])
        return found

    def field(self, owner: str, name: str) -> Value | None:
        """The value of a tagged field `owner.name`; of several of that name the one whose struct the owner is."""
        found = [field for field in self.fields if field.name == name]
        found.sort(key=lambda field: not _alike(field.struct, owner))
        return Value(found[0].default or None, found[0].variable) if found else None

    def bound(self, name: str, folder: str | None) -> Value | None:
        """The default of the flag that fills a variable (of one package) or a field."""
        for flag in self.flags:
            if flag.target == name and (folder is None or flag.folder == folder):
                return flag.value
        return None

    def called(self, source: Source, call: Node, name: str, arguments: list[Node]) -> Value | None:
        """`flag.Int("port", 8080, …)`, `viper.GetString("port")`, `c.Int("port")`; None for another call."""
        kind = _FLAG.fullmatch(name)
        if kind and not kind[2] and len(arguments) > 2:
            flag = self._flag(source, call, False, kind[3] == "P")
            return flag.value if flag else None
        if not _GETTER.fullmatch(name) or len(arguments) != 1:
            return None
        key = _text(arguments[0])
        if key is None:
            return None
        known = self.keys.get(key.lower()) or next(
            (flag for flag in self.flags if flag.name.lower() == key.lower()), None
        )
        if known is not None:
            return known.value
        return Value(None, self.variable(key)) if self.automatic and name.startswith("Get") else None


def _prefix(field: Node) -> str:
    """The `envPrefix` tags of the anonymous structs around a field."""
    found = ""
    for above in field.ancestors():
        tag = above.field("tag") if above.kind() == "field_declaration" else None
        said = _PREFIX.search(tag.text()) if tag is not None else None
        found = (said[1] if said else "") + found
    return found


def _text(node: Node | None) -> str | None:
    if node is not None and node.kind() == "literal_element":
        node = next(children(node), None)
    if node is None or node.kind() not in ("interpreted_string_literal", "raw_string_literal"):
        return None
    found: str = node.text()[1:-1]
    return found


def _target(call: Node) -> str:
    """The variable that the result of a call is kept in."""
    around = next(
        (
            one
            for one in call.ancestors()
            if one.kind() in ("short_var_declaration", "var_spec", "assignment_statement", "block")
        ),
        None,
    )
    if around is None or around.kind() == "block":
        return ""
    left = around.field("left") or around.field("name")
    name: str = left.text().split(",")[0].strip().rpartition(".")[2] if left is not None else ""
    return name


def _alike(struct: str, owner: str) -> bool:
    """Whether a struct type is what a field or variable of that name holds: `HTTPConfig` and `HTTP`, `Server` and `server`."""
    left, right = re.sub(r"(config|configuration|settings|opts|options)$", "", struct.lower()), owner.lower()
    return bool(left) and left == right
