"""The exception tree. Each class has its exit code; they carry a `Text` and print nothing.

DevopsError (2)
├── UsageError (2)      the command line, a parameter, a configuration file
├── ParseError (2)      an input file that cannot be read as what it claims to be
├── RefusedError (1)    nothing was written: a file moved, a path leaves the root, a validation failed
└── InternalError (70)  a bug of ours
"""

from __future__ import annotations

from devops_orchestrator.text import Text


class DevopsError(Exception):
    """Something that the user can act on, with its place and what is allowed."""

    exit_code = 2

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class UsageError(DevopsError):
    """The command line, a parameter or the configuration is wrong."""


class ParseError(DevopsError):
    """A file is not what it claims to be; `line` and `column` count from 1."""

    def __init__(self, text: Text, *, file: str = "", line: int = 1, column: int = 1) -> None:
        super().__init__(text)
        self.file = file
        self.line = line
        self.column = column

    def at(self, file: str) -> ParseError:
        """The same error, told of `file`."""
        return ParseError(self.text, file=file, line=self.line, column=self.column)


class RefusedError(DevopsError):
    """Writing was refused and nothing was written."""

    exit_code = 1


class InternalError(DevopsError):
    """A law of the house is broken: a bug of ours."""

    exit_code = 70
