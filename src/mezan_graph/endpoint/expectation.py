"""What a job is expected to take, from what those took that were like it."""

from __future__ import annotations

import re
from collections import OrderedDict
from urllib.parse import unquote_plus

from mezan_graph.endpoint.frames import read_job
from mezan_graph.queries.tokens import VARYING

_SECONDS = 60.0
"""How long a job is remembered that took long."""

_MOST = 256
_NUMBER = re.compile(r"\d+")


class Expectation:
    """Remembers jobs that took long; those that are alike are expected to do the same.

    Queries are alike that differ in IRIs, strings, numbers and comments only, and stored queries
    that differ in their parameters.
    """

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def took_long(self, job: bytes, now: float) -> None:
        """Remember ``job``; ``now`` is monotonic, in seconds."""
        likeness = _likeness(job)
        self._until[likeness] = now + _SECONDS
        self._until.move_to_end(likeness)
        if len(self._until) > _MOST:
            self._until.popitem(last=False)

    def was_short(self, job: bytes) -> None:
        """Forget what was expected of jobs like ``job``."""
        self._until.pop(_likeness(job), None)

    def is_long(self, job: bytes, now: float) -> bool:
        """Whether ``job`` is expected to take long."""
        # Most of the time there is nothing to compare with, and jobs are not looked at.
        while self._until and next(iter(self._until.values())) <= now:
            self._until.popitem(last=False)
        return bool(self._until) and _likeness(job) in self._until


def _likeness(job: bytes) -> str:
    document = read_job(job)
    if "url" in document:
        text = unquote_plus(document["url"].decode("latin-1"), errors="replace")
    elif "operation" in document:
        text = document["operation"]["query"]
    else:
        return f"{document['job']} {document.get('name', '')}"
    return _NUMBER.sub("", VARYING.sub("", text))
