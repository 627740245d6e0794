"""Text of the graph as HTML: made visible, shortened, isolated, and marked with its language.

A literal may hold anything: markup, control characters, bidirectional overrides, a megabyte. Here
it becomes markup that is valid, of bounded length, and cannot reorder or restyle what is around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from mezan_graph.display import JOINERS, visible

if TYPE_CHECKING:
    from mezan_graph.languages import LocalText

LABEL = 200
"""Longest label, in code points."""
PASSAGE = 2_000
"""Longest running text, in code points."""
_ISOLATED = Markup("<bdi>%s</bdi>")
_DIRECTED = Markup('<bdi dir="%s">%s</bdi>')
_FOREIGN = Markup('<bdi lang="%s" dir="%s">%s</bdi>')
_OTHER = Markup('<bdi lang="%s" dir="%s" class="other">%s</bdi>')
_CODE = Markup('<code dir="ltr">%s</code>')
_ORDERED = Markup('<bdi dir="ltr">%s</bdi>')
_ANCHOR = Markup('<a href="%s"%s>%s</a>')
EXTERNAL = Markup(' rel="external"')
"""Attribute of links that lead out of the site."""
_SPACES = "\n\t\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u3000"


def shown(text: str, longest: int = LABEL) -> str:
    """Return ``text`` shortened to ``longest`` code points, nothing in it that is not visible."""
    if len(text) > longest:
        text = text[: longest - 1].rstrip() + "…"
    return text if text.isprintable() else visible(text, JOINERS + _SPACES)


def marked(text: LocalText, language: str, longest: int = LABEL) -> Markup:
    """Return ``text`` isolated, with ``lang`` and ``dir`` where it is not in ``language``.

    What has fallen back from the language that was asked for is of the class ``other``, by which
    the style sheet shows its language tag.
    """
    content = shown(text.text, longest)
    own = text.language
    if own is None:
        return _ISOLATED % content
    if own == language:
        return _DIRECTED % (text.direction, content)
    return (_OTHER if text.fallen_back else _FOREIGN) % (own, text.direction, content)


def code(text: str, longest: int = LABEL) -> Markup:
    """Return text for machines, such as an IRI or a digest, set left to right."""
    return _CODE % shown(text, longest)


def ordered(text: str, longest: int = PASSAGE) -> Markup:
    """Return a number, a date or the like, whose parts stand in order in every language."""
    return _ORDERED % shown(text, longest)


def anchor(href: str, content: Markup, attributes: Markup | None = None) -> Markup:
    """Return a link; ``href`` is an address that was judged."""
    return _ANCHOR % (href, attributes or Markup(), content)
