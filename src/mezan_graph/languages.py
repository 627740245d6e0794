"""Which of several literals a reader of one language is shown: one order, everywhere.

The wanted language comes first, then a regional form of it (``en-GB`` for ``en``, RFC 4647 basic
filtering), then the project's languages in their order, then text without a language, then any
other language by its tag. Whatever is not the wanted language is marked as fallen back, so that a
page can say so and set ``lang`` and ``dir`` on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyoxigraph as ox

Direction = Literal["ltr", "rtl", "auto"]

_RIGHT_TO_LEFT_LANGUAGES = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"]
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset(["adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"])
_SCRIPT_SUBTAG = 4


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text as a reader of one language gets it.

    Attributes:
        text: The lexical form, unchanged.
        language: Its own language tag (BCP 47, lower case); ``None`` where it has none.
        fallen_back: Whether it is in another language than the one asked for. Text without a
            language never counts as fallen back.
    """

    text: str
    language: str | None = None
    fallen_back: bool = False

    @property
    def direction(self) -> Direction:
        """Base direction of the text, for the ``dir`` attribute."""
        return direction(self.language)


def direction(language: str | None) -> Direction:
    """Return the base direction of text in ``language``; ``auto`` where it is not known."""
    if language is None:
        return "auto"
    primary, *rest = language.lower().split("-")
    for subtag in rest:
        if len(subtag) == _SCRIPT_SUBTAG and subtag.isalpha():
            return "rtl" if subtag in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if primary in _RIGHT_TO_LEFT_LANGUAGES else "ltr"


def preferred(
    literals: Iterable[ox.Literal], language: str, languages: Sequence[str] = ()
) -> LocalText | None:
    """Return the literal that a reader of ``language`` is shown, or ``None`` where there is none.

    Args:
        literals: Candidates, in any order; equally good ones are told apart by their text.
        language: The wanted language (BCP 47).
        languages: The project's languages, in their order.
    """
    shown = all_preferred(literals, language, languages)
    return shown[0] if shown else None


def all_preferred(
    literals: Iterable[ox.Literal], language: str, languages: Sequence[str] = ()
) -> list[LocalText]:
    """Return every literal of the best rank that there is, sorted by text; see the module.

    For values that may be several in one language, such as alternative names.
    """
    ranked: dict[tuple[int, str], list[LocalText]] = {}
    for literal in literals:
        tag = literal.language
        rank = _rank(tag, language, languages)
        fallen_back = tag is not None and rank[0] > 1
        ranked.setdefault(rank, []).append(LocalText(literal.value, tag, fallen_back))
    if not ranked:
        return []
    return sorted(ranked[min(ranked)], key=lambda each: each.text)


def _rank(tag: str | None, language: str, languages: Sequence[str]) -> tuple[int, str]:
    wanted = language.lower()
    if tag is None:
        return (2 + len(languages), "")
    own = tag.lower()
    if own == wanted:
        return (0, "")
    if own.startswith(f"{wanted}-"):
        return (1, own)
    for position, other in enumerate(languages):
        if own == other.lower() or own.startswith(f"{other.lower()}-"):
            return (2 + position, own)
    return (3 + len(languages), own)
