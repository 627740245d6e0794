"""How the source puts something, as one plain sentence in the language of a page.

What stands in a page must not read as our own voice, so that relationships and claims carry these
words as their description. The modalities are those of ``concept:modalities``.
"""

from __future__ import annotations

from typing import NamedTuple


class Phrases(NamedTuple):
    """The phrases of one language.

    Attributes:
        modalities: Phrase by the slug of the modality; ``{claimant}`` is who makes the claim.
        undated: What is added where the source gives no date.
        period: What is added where it gives one, an EDTF interval.
        words: What is added where the source's own words are recorded.
    """

    modalities: dict[str, str]
    undated: str
    period: str
    words: str


PHRASES = {
    "en": Phrases(
        {
            "infobox": "as given in the infobox of the source",
            "listed": "as listed in the source",
            "source-voice": "as the source itself says",
            "declared": "as declared by {claimant}, according to the source",
            "stated": "as stated by {claimant}, according to the source",
            "claimed": "as claimed by {claimant}, according to the source",
            "alleged": "as alleged by {claimant}, according to the source",
            "reported": "as reported in the source, which does not say by whom",
        },
        "{text}, undated",
        "{text}, period {period}",
        "{text}; in the words of the source: “{words}”",
    ),
    "ar": Phrases(
        {
            "infobox": "كما ورد في صندوق معلومات المصدر",
            "listed": "كما ورد في قائمة المصدر",
            "source-voice": "كما يقول المصدر نفسه",
            "declared": "كما أعلن {claimant}، وفق المصدر",
            "stated": "كما صرّح {claimant}، وفق المصدر",
            "claimed": "كما يدّعي {claimant}، وفق المصدر",
            "alleged": "كما يزعم {claimant}، وفق المصدر",
            "reported": "كما ذُكر في المصدر دون بيان من ذكره",
        },
        "{text}، بلا تاريخ",
        "{text}، المدة {period}",
        "{text}؛ بلفظ المصدر: «{words}»",
    ),
}
"""The phrases by language; other languages get the English ones."""


def how_put(
    modality: str,
    language: str,
    *,
    claimant: str | None = None,
    undated: bool = False,
    period: str | None = None,
    words: str | None = None,
) -> str | None:
    """Return how the source puts something, or ``None`` for a modality without a phrase.

    Args:
        modality: Slug of the modality, such as ``listed``.
        language: Language tag of the page.
        claimant: Name of who makes the claim.
        undated: Whether the source gives no date.
        period: The period that it gives, in EDTF.
        words: Its own words.
    """
    primary = language.lower().partition("-")[0]
    phrases = PHRASES.get(primary, PHRASES["en"])
    text = phrases.modalities.get(modality)
    if text is None or ("{claimant}" in text and claimant is None):
        return None
    text = text.format(claimant=claimant)
    if undated:
        text = phrases.undated.format(text=text)
    if period is not None:
        text = phrases.period.format(text=text, period=period)
    if words is not None:
        text = phrases.words.format(text=text, words=words)
    return text[:1].upper() + text[1:]
