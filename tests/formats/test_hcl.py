"""HCL: what parses, where things are, what an edit leaves alone, and a format that is terraform's own."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import hcl

MODULE = """\
# A comment ✓
resource "aws_instance" "web" {
  ami  = var.ami
  tags = { Name = "web-${var.environment}", "Owner" = local.owner }

  user_data = <<-EOT
    #!/bin/sh
    echo ${join(",", [for name in var.names : upper(name) if name != ""])} $${literal}
  EOT

  dynamic "ebs_block_device" {
    for_each = var.disks
    content { size = ebs_block_device.value.size }
  }
}
"""


def test_blocks_attributes_and_expressions_have_their_places() -> None:
    document = hcl.parse(MODULE)
    block = next(document.blocks("resource"))
    assert [label.value for label in block.labels] == ["aws_instance", "web"]
    assert MODULE[block.start : block.header_end] == 'resource "aws_instance" "web"'
    assert MODULE[block.opened] == "{"
    assert MODULE[block.closed] == "}"
    ami = block.body.attributes["ami"]
    assert MODULE[ami.start : ami.end] == "ami  = var.ami"
    assert ami.value.path == ("var", "ami")
    owner = block.body.attributes["tags"].value.get("Owner")
    assert owner is not None
    assert owner.path == ("local", "owner")
    paths = {reference.path for reference in document.references}
    assert {("var", "environment"), ("var", "names"), ("ebs_block_device", "value", "size")} <= paths
    assert [comment.text for comment in document.comments] == ["# A comment ✓\n"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('x = "a\\"b"', 'a"b'),
        ('x = "$${a}"', "${a}"),
        ('x = "\\u00e9"', "é"),
        ("x = <<A\nhello\nA\n", "hello\n"),
        ("x = 1.5", 1.5),
        ("x = (true)", True),
        ("x = null", None),
    ],
)
def test_constants(text: str, value: object) -> None:
    assert hcl.parse(text).constant("x") == value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('a "b" {\n  x = \n}\n', 2, 7),
        ('x = "open\n', 1, 5),
        ("x = <<EOT\nnever closed\n", 1, 10),
        ("a {\n  b = 1\n  b = 2\n}\n", 3, 3),
        ("x = [1, 2\n", 2, 1),
        ("x = 1 y = 2\n", 1, 7),
        ("a {\n", 2, 1),
        ("x = @\n", 1, 5),
        ("\0\0", 1, 1),
    ],
)
def test_an_error_names_its_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(ParseError) as error:
        hcl.parse(text)
    assert (error.value.line, error.value.column) == (line, column)
    assert error.value.text.fr


def test_nesting_without_end_is_an_error_not_a_crash() -> None:
    with pytest.raises(ParseError):
        hcl.parse("x = " + "[" * 50_000 + "]" * 50_000)


UNFORMATTED = [
    'a {\nb=1\nlonger   =   "x" # one\nc = 2 // two\n}\n',
    "x = [\n1,\n2,\n]\ny = { a = 1\nlong = 2 }\n",
    "f = foo (a,b) + - 1\n",
    'v = "${var.x}"\nw = "${var.x}-y"\nz = "${\n  var.a ? 1 : 2\n}"\n',
    'variable "l" {\n  type = "list"\n}\nvariable "m" {\n  type = map\n}\n',
    "resource foo bar {}\n",
    "x = <<EOT\n  keep\n    this\n  EOT\ny   = 1\n",
    "a = 1   \nbé = 2\n\n\n   ",
    "a = {\r\n  b = 1\r\n  ccc = 2\r\n}\r\n",
    "x = a[ 0 ].b[*]\ny = !  a\nz = [for x in [1]: x]\n/* c */ k = 1\n",
    'x = "${ {a = 1} }${  b }"\n',
    "",
    "   ",
]


def formatted_by_terraform(texts: list[str], folder: Path) -> list[str]:
    for number, text in enumerate(texts):
        (folder / f"f{number}.tf").write_bytes(text.encode())
    subprocess.run(["terraform", "fmt", "-no-color", "."], cwd=folder, check=False, capture_output=True)
    return [(folder / f"f{number}.tf").read_bytes().decode() for number in range(len(texts))]


KNOWN = [
    'a {\n  b      = 1\n  longer = "x" # one\n  c      = 2   // two\n}\n',
    "x = [\n  1,\n  2,\n]\ny = { a = 1\nlong = 2 }\n",
    "f = foo(a, b) + -1\n",
]


@pytest.mark.parametrize(("text", "wanted"), list(zip(UNFORMATTED, KNOWN, strict=False)))
def test_the_format_that_is_known(text: str, wanted: str) -> None:
    assert hcl.fmt(text) == wanted
    assert hcl.fmt(wanted) == wanted


def test_the_format_is_that_of_terraform(tmp_path: Path) -> None:
    if not shutil.which("terraform"):
        return  # conftest says at the end which linters judged
    wanted = formatted_by_terraform(UNFORMATTED, tmp_path)
    assert [hcl.fmt(text) for text in UNFORMATTED] == wanted


NAMES = st.sampled_from(["a", "name", "long_name", "x9", "größe"])
VALUES = st.recursive(
    st.sampled_from(
        ["1", "-2", "true", "var.a", "local.b[0]", '"s"', '"a${var.x}b"', '"${var.y}"', "f(1,2)", "a?b:c", "!x", "a*-b"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda v: "[" + " , ".join(v) + "]"),
        st.lists(inner, max_size=3).map(lambda v: "[\n" + "".join(f"{x},\n" for x in v) + "]"),
        st.lists(st.tuples(NAMES, inner), max_size=3).map(
            lambda v: "{\n" + "".join(f"{k}  = {x}\n" for k, x in v) + "}"
        ),
    ),
    max_leaves=6,
)


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A file with arbitrary blanks and comments."""
    lines = []
    for kind in draw(st.lists(st.sampled_from(["resource", "locals", "variable"]), max_size=3)):
        lines.append(f'{draw(st.sampled_from(["", "  "]))}{kind}   "x"{{')
        for name in draw(st.lists(NAMES, max_size=4, unique=True)):
            blanks = draw(st.sampled_from(["", " ", "   ", "\t"]))
            comment = draw(st.sampled_from(["", "  # note ✓", "// other", "  "]))
            lines.append(f"{blanks}{name}{blanks}={blanks}{draw(VALUES)}{comment}")
            lines += draw(st.sampled_from([[], [""], ["# alone"], ["/* both\n lines */"]]))
        lines.append("}")
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n  "]))


@settings(max_examples=150, deadline=None)
@given(modules())
def test_formatting_keeps_the_meaning_and_settles(text: str) -> None:
    once = hcl.fmt(text)
    assert hcl.fmt(once) == once
    assert [t.text.strip() for t in hcl.parse(once).comments] == [t.text.strip() for t in hcl.parse(text).comments]
    before = [reference.path for reference in hcl.parse(text).references]
    assert [reference.path for reference in hcl.parse(once).references] == before


def test_random_modules_are_formatted_as_terraform_does(tmp_path: Path) -> None:
    if not shutil.which("terraform"):
        return

    found: list[str] = []

    @settings(max_examples=120, deadline=None, database=None, derandomize=True)
    @given(modules())
    def collect(text: str) -> None:
        found.append(text)

    collect()
    assert [hcl.fmt(text) for text in found] == formatted_by_terraform(found, tmp_path)


def applied(text: str, change: hcl.Change) -> str:
    start, end, new = change
    return text[:start] + new + text[end:]


def test_edits_touch_their_place_alone() -> None:
    text = "a {\n  b = 1 # kept\n\n  c {\n  }\n}\n"
    document = hcl.parse(text)
    block = next(document.blocks())
    assert applied(text, hcl.insert(document, block, "d = 2", after="b")) == text.replace(
        "# kept\n", "# kept\n  d = 2\n"
    )
    assert applied(text, hcl.insert(document, block, "d = 2")) == "a {\n  b = 1 # kept\n\n  c {\n  }\n\n  d = 2\n}\n"
    assert applied(text, hcl.insert_first(document, block, "d = 2")) == text.replace("a {\n", "a {\n  d = 2\n")
    assert applied(text, hcl.remove(document, block.body.attributes["b"])) == "a {\n\n  c {\n  }\n}\n"
    assert applied(text, hcl.set_value(block.body.attributes["b"], "9")) == text.replace("= 1", "= 9")
    crlf = text.replace("\n", "\r\n")
    document = hcl.parse(crlf)
    assert applied(crlf, hcl.insert(document, next(document.blocks()), "d = 2", after="b")) == text.replace(
        "# kept\n", "# kept\n  d = 2\n"
    ).replace("\n", "\r\n")


def test_a_block_on_one_line_is_opened_up() -> None:
    text = 'variable "x" {}\n'
    document = hcl.parse(text)
    assert (
        applied(text, hcl.insert(document, next(document.blocks()), "type = string"))
        == 'variable "x" {\n  type = string\n}\n'
    )
    text = 'variable "x" { default = 1 }\n'
    document = hcl.parse(text)
    assert (
        applied(text, hcl.insert(document, next(document.blocks()), "type = number"))
        == 'variable "x" {\n  default = 1\n  type = number\n}\n'
    )
