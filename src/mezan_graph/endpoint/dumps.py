"""The files that hold the whole data set, and how large they are; made when they are asked for.

Runs in a worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph import exports
from mezan_graph.description import DUMPS, Distribution
from mezan_graph.exports import header_lines

if TYPE_CHECKING:
    from mezan_graph.endpoint.loading import Loaded

DISTRIBUTIONS = [Distribution(*each) for each in DUMPS]
"""The files that hold the whole data set."""

MOST_MEASURED = 20_000
"""Most triples of a data set whose files are made to tell their size and digest: a few seconds."""


def dump(loaded: Loaded, name: str) -> bytes:
    """Return the content of the file called ``name``, one of :data:`DISTRIBUTIONS`."""
    file = next(each for each in DISTRIBUTIONS if each.name == name)
    header = header_lines(loaded.project)
    return exports.dump(file, loaded.canonical, header=header, context=loaded.context)


def measured(loaded: Loaded) -> list[Distribution]:
    """Return the files with size and digest, or without where that would take too long."""
    if not loaded.lasting or loaded.triples > MOST_MEASURED:
        return DISTRIBUTIONS
    return [each.made(dump(loaded, each.name)) for each in DISTRIBUTIONS]
