"""Pages found by words of what they are about, in any script; made once for all workers.

A word is found at the start of a word without case, accents and vowel signs, in Arabic behind the
article and joined words as well. Where no page has all words, names that are like them are given.
"""

from __future__ import annotations

import math
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.endpoint.labels import NAMES, LabelIndex, likeness, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mezan_graph.queries import StoredQuery
    from mezan_graph.site.addresses import Addresses
    from mezan_graph.site.knowledge import Knowledge

MOST_WORDS = 8
_LONGEST = 4_000
"""Code points of one text that are searched."""
_ALIKE = 60.0
"""Likeness from which a name is given where nothing has the words, of 100."""
_MOST_ALIKE = 10
_ARTICLE = re.compile("^(?:[وفبك]?ال|لل)(?=.{3})")
_ARABIC = re.compile("[\u0600-\u06ff]{2,}")
_PLURAL = re.compile("(?<=[a-z]{3})(?<!s)s$")
_NAMED = frozenset(NAMES)


class Found(NamedTuple):
    """A page that was found.

    Attributes:
        stem: Its path below a language, without a suffix.
        node: What it is about; ``None`` for a stored query.
        text: The text in which the words were found; ``None`` where its name is like them.
    """

    stem: str
    node: ox.NamedNode | None
    text: ox.Literal | None


class Words:
    """What somebody looks for.

    Attributes:
        whole: All of it, normalised.
        needles: What a key has that has the word: for each word, without article and plural.
    """

    def __init__(self, text: str) -> None:
        self.whole = normalised(text)
        bare = (_PLURAL.sub("", _ARTICLE.sub("", each)) for each in self.whole.split())
        words = list(dict.fromkeys(bare))[:MOST_WORDS]
        self.needles = [each if _ARABIC.fullmatch(each) else f" {each}" for each in words]

    def all_in(self, key: str) -> bool:
        """Whether the text of :func:`key_of` has every word."""
        return bool(self.needles) and all(each in key for each in self.needles)

    def any_in(self, key: str) -> bool:
        """Whether the text of :func:`key_of` has one of the words."""
        return any(each in key for each in self.needles)


def key_of(text: str) -> str:
    """Return ``text`` normalised, a space before each word, also the first."""
    return f" {normalised(text[:_LONGEST])}"


class _Entry(NamedTuple):
    stem: str
    node: ox.NamedNode | None
    weight: float
    names: tuple[tuple[str, ox.Literal], ...]
    texts: tuple[tuple[str, ox.Literal], ...]
    key: str


class Finder:
    """An index of the texts of everything that has a page.

    Attributes:
        whole: Whether everything that fits is found.

    Args:
        knowledge: The graph.
        addresses: Where its pages stand.
        queries: The stored queries.
        labels: The names of its entities.
        leading: How much leads to a thing, where the graph does not tell.
    """

    whole = True

    def __init__(
        self,
        knowledge: Knowledge,
        addresses: Addresses,
        queries: Mapping[str, StoredQuery],
        labels: LabelIndex,
        leading: Mapping[ox.NamedNode, int] = MappingProxyType({}),
    ) -> None:
        self._labels = labels
        self._addresses = addresses
        self._entries: list[_Entry] = []
        for node, stem in addresses.stems.items():
            names: list[ox.Literal] = []
            texts: list[ox.Literal] = []
            for predicate, values in knowledge.properties(node).items():
                found = [each for each in values if isinstance(each, ox.Literal)]
                (names if predicate in _NAMED else texts).extend(found)
            many = sum(len(each) for each in knowledge.incoming(node).values())
            weight = math.log2(1 + leading.get(node, many)) / 16
            self._add(stem, node, weight, names, texts)
        for query in queries.values():
            summaries = [ox.Literal(v.summary, language=k) for k, v in query.texts.items()]
            questions = [ox.Literal(v.description, language=k) for k, v in query.texts.items()]
            self._add(addresses.query(query.name), None, 0.0, summaries, questions)

    def _add(
        self,
        stem: str,
        node: ox.NamedNode | None,
        weight: float,
        names: list[ox.Literal],
        texts: list[ox.Literal],
    ) -> None:
        named = tuple((key_of(each.value), each) for each in names)
        others = tuple((key_of(each.value), each) for each in texts)
        key = "".join(key for key, _ in (*named, *others))
        if key.strip():
            self._entries.append(_Entry(stem, node, weight, named, others, key))

    def find(self, text: str, language: str) -> list[Found]:
        """Return the pages that have every word of ``text``, the best first.

        Args:
            text: What is looked for.
            language: Language of the reader, in which texts are shown where there is a choice.
        """
        words = Words(text)
        found = [(_score(each, words), each) for each in self._entries if words.all_in(each.key)]
        found.sort(key=lambda each: (-each[0], each[1].stem))
        return [Found(each.stem, each.node, _shown(each, words, language)) for _, each in found]

    def alike(self, text: str) -> Iterator[Found]:
        """Yield the things whose names are like ``text``, the nearest first."""
        for each in self._labels.like(text)[:_MOST_ALIKE]:
            stem = self._addresses.stems.get(each.iri)
            if each.score >= _ALIKE and stem is not None:
                yield Found(stem, each.iri, None)


def _score(entry: _Entry, words: Words) -> float:
    """Return how well a page fits: by its names before its texts, and by what leads to it."""
    keys = [key for key, _ in entry.names if words.all_in(key)]
    nearest = max((likeness(words.whole, key[1:]) for key in keys), default=0.0)
    return entry.weight + (2 + nearest / 100 if keys else 0)


def _shown(entry: _Entry, words: Words, language: str) -> ox.Literal | None:
    """Return the text that has most of the words, in the reader's language where it can be."""

    def rank(item: tuple[str, ox.Literal]) -> tuple[int, bool, bool]:
        key, literal = item
        own = literal.language is None or literal.language.startswith(language)
        return sum(each in key for each in words.needles), own, item in entry.texts

    best = max((*entry.texts, *entry.names), key=rank, default=None)
    return None if best is None or not words.any_in(best[0]) else best[1]
