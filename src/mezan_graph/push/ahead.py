"""Work that a store does while what it answered before is worked on here."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

Question = TypeVar("Question")
Answer = TypeVar("Answer")

AHEAD = 2
"""Requests that are under way at once."""


def answers(
    ask: Callable[[Question], Answer], questions: Iterable[Question], at_once: int = AHEAD
) -> Iterator[Answer]:
    """Yield what ``ask`` returns for every question, in their order; a few are asked ahead.

    While one is waited for, ``at_once`` that come after it may be done already.
    """
    coming: deque[Future[Answer]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        for question in questions:
            coming.append(pool.submit(ask, question))
            if len(coming) > at_once:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
