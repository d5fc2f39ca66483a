"""`devops route --batch`: JSON Lines in, one decision a line out, in order, in constant memory, on every core.

The first lines are decided at once, one by one: a program that asks and waits for the answer gets it. Where more lines
come than that, they go to worker processes in small groups, of which only a few wait at any time.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from devops_orchestrator.errors import UsageError
from devops_orchestrator.routing.judge import decide
from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from concurrent.futures import Future

ALONE = 2000  # lines after which worker processes are worth their start
GROUP = 256  # lines that a worker takes at a time, where so many are there
WAITING = 4  # groups a worker that are under way or done and not yet asked for

Line = tuple[int, str]
Decided = dict[str, Any]
Done = tuple[list[Decided], Text | None]  # decisions, and what was wrong with the line after them


def batch(lines: Iterable[str], *, lang: str | None = None, workers: int | None = None) -> Iterator[Decided]:
    """The decision of each line's `text`, as plain data; the line's other keys are handed through under `input`.

    `workers` is the number of processes, every core where it is not given. Raises UsageError that names the line for
    one that is no JSON object with a text, after the decisions of the lines before it. Empty lines are passed over.
    """
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    for line in islice(numbered, ALONE):
        yield _decided(line, lang)
    count = workers or os.cpu_count() or 1
    if count < 2:
        yield from (_decided(line, lang) for line in numbered)
    else:
        yield from _together(numbered, lang, count)


def _together(numbered: Iterator[Line], lang: str | None, count: int) -> Iterator[Decided]:
    """The decisions of further lines, in order, from `count` processes."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    first = next(numbered, None)
    if first is None:
        return
    waiting: deque[Future[Done]] = deque()
    with ProcessPoolExecutor(count, get_context("spawn")) as pool:
        groups = _groups(first, numbered)
        for group in groups:
            waiting.append(pool.submit(_group, group, lang))
            while waiting and (len(waiting) >= WAITING * count or waiting[0].done() or len(group) < GROUP):
                yield from _results(waiting.popleft())
        while waiting:
            yield from _results(waiting.popleft())


def _groups(first: Line, numbered: Iterator[Line]) -> Iterator[list[Line]]:
    """The lines in groups, each of what is there without waiting for more."""
    from queue import Empty, Queue
    from threading import Thread

    held: Queue[Line | BaseException | None] = Queue(maxsize=8 * GROUP)
    held.put(first)

    def fill() -> None:
        try:
            for line in numbered:
                held.put(line)
        except BaseException as error:  # told where the lines are asked for
            held.put(error)
        held.put(None)

    Thread(target=fill, daemon=True).start()
    group: list[Line] = []
    while True:
        try:
            line = held.get(block=not group)
        except Empty:
            yield group
            group = []
            continue
        if isinstance(line, tuple):
            group.append(line)
        if group and (len(group) == GROUP or not isinstance(line, tuple)):
            yield group
            group = []
        if isinstance(line, BaseException):
            raise line
        if line is None:
            return


def _results(done: Future[Done]) -> Iterator[Decided]:
    decided, wrong = done.result()
    yield from decided
    if wrong is not None:
        raise UsageError(wrong)


def _group(lines: list[Line], lang: str | None) -> Done:
    """What a worker does: the decisions of its lines, up to the first bad one."""
    decided: list[Decided] = []
    for line in lines:
        try:
            decided.append(_decided(line, lang))
        except UsageError as error:
            return decided, error.text
    return decided, None


def _decided(line: Line, lang: str | None) -> Decided:
    text, rest = _request(*line)
    found = decide(text, lang=lang).to_json()
    if rest:
        found["input"] = rest
    return found


def _request(number: int, line: str) -> tuple[str, dict[str, Any]]:
    try:
        held = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        told = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise UsageError(
            Text(
                f"Line {number} of the batch is not JSON: {told}.",
                f"La ligne {number} du lot n'est pas du JSON : {told}.",
            )
        ) from None
    if not isinstance(held, dict) or not isinstance(held.get("text"), str):
        raise UsageError(
            Text(
                f'Line {number} of the batch must be an object with a text: {{"text": "…"}}.',
                f'La ligne {number} du lot doit être un objet avec un texte : {{"text": "…"}}.',
            )
        )
    return held["text"], {key: value for key, value in held.items() if key != "text"}
