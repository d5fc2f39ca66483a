"""Go templates: read as a tree, rendered where that needs nothing from outside, and led back to their places."""

import pytest

from devops_orchestrator.formats import gotemplate
from devops_orchestrator.formats.gotemplate import Renderer, Unreadable, Unrenderable


def render(text: str, values: dict | None = None) -> str:
    actions = gotemplate.parse(text)
    names = {one.name: one for one in actions if isinstance(one, gotemplate.Define)}
    return Renderer(names, {"Values": values or {}, "Release": {"Name": "r"}}).render(actions).text


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("a{{ .Values.x }}b", {"x": 1}, "a1b"),
        ("a\n  {{- if .Values.x }}\nb\n  {{- else }}\nc\n  {{- end }}\n", {"x": False}, "a\nc\n"),
        ("{{ .Values.x | default 3 | quote }}", {}, '"3"'),
        ('{{ include "n" . }}{{ define "n" }}{{ .Release.Name }}-x{{ end }}', {}, "r-x"),
        ("{{ range $i, $x := .Values.l }}{{ $i }}{{ $x }}{{ $.Release.Name }}{{ end }}", {"l": ["a", "b"]}, "0ar1br"),
        ("{{ with .Values.m }}{{ .k }}{{ end }}", {"m": {"k": "v"}}, "v"),
        ("x:{{ toYaml .Values.m | nindent 2 }}", {"m": {"k": "v"}}, "x:\n  k: v"),
        ("{{/* .Values.none */}}{{- /* too */ -}} a", {}, "a"),
        ('{{ printf "%s:%v" .Values.a .Values.b }}', {"a": "i", "b": 2}, "i:2"),
        ('{{ if and .Values.a (eq .Values.b "c") }}y{{ else if .Values.b }}z{{ end }}', {"a": 1, "b": "c"}, "y"),
        ("{{ $n := 1 }}{{ if true }}{{ $n = 2 }}{{ end }}{{ $n }}", {}, "2"),
        ("{{ (.Values.a).b }}|{{ `{{ raw }}` }}", {}, "|{{ raw }}"),
        ('{{ ternary "a" "b" (semverCompare ">=1.21-0" "1.34.0") }}', {}, "a"),
        ('{{ .Values.s | trunc 3 | trimSuffix "-" | upper }}', {"s": "ab-cd"}, "AB"),
    ],
)  # fmt: skip
def test_it_renders_what_it_can(text: str, values: dict, expected: str) -> None:
    assert render(text, values) == expected


@pytest.mark.parametrize("text", ["{{ .Values.a.b }}", "{{ genCA 1 }}", '{{ include "none" . }}', "{{ $x }}"])
def test_what_is_not_known_here_is_not_rendered(text: str) -> None:
    with pytest.raises(Unrenderable):
        render(text)


@pytest.mark.parametrize("text", ["{{ if .x }}", "{{ end }}", "{{ .x", "{{ else }}", "{{ (a }}", "{{ a ; }}"])
def test_what_is_no_template_is_told(text: str) -> None:
    with pytest.raises(Unreadable):
        gotemplate.parse(text)


def test_each_character_leads_back_to_the_template() -> None:
    text = "ports:\n  - port: {{ .Values.port }}\n    name: http\n"
    rendered = Renderer({}, {"Values": {"port": 8080}}).render(gotemplate.parse(text))
    assert rendered.text == "ports:\n  - port: 8080\n    name: http\n"
    start = rendered.text.index("8080")
    assert text[slice(*rendered.span(start, start + 4))] == "{{ .Values.port }}"
    assert rendered.value(start, start + 4) == "port"
    start = rendered.text.index("http")
    assert text[slice(*rendered.span(start, start + 4))] == "http"
    assert rendered.value(start, start + 4) is None
