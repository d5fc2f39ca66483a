"""Regular expressions that are compiled when they are first used: a run needs few of the hundreds that modules name."""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class _Lazy:
    """Stands for a pattern until one of its methods is asked for; from then on they are the pattern's own."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(text: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, compiled at its first use. A pattern that is wrong is told only then."""
    return cast("re.Pattern[str]", _Lazy(text, flags))
