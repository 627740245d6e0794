"""What the reader of pages has to know about the elements of HTML (Living Standard, section 4)."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = _words("area base br col embed hr img input link meta param source track wbr")
"""Elements without content and without an end tag."""

RAW = _words("script style textarea title")
"""Elements that hold text alone."""

CLOSES_PARAGRAPH = _words(
    "address article aside blockquote details dialog div dl fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul"
)
"""Elements before which a parser closes an open paragraph."""

SCOPES = _words("applet button caption html marquee object table td template th svg")
"""Elements through which it does not look for one."""

PARENTS = {
    "body": _words("html"),
    "caption": _words("table"),
    "dd": _words("dl div"),
    "dt": _words("dl div"),
    "head": _words("html"),
    "li": _words("ul ol menu"),
    "tbody": _words("table"),
    "td": _words("tr"),
    "tfoot": _words("table"),
    "th": _words("tr"),
    "thead": _words("table"),
    "tr": _words("table thead tbody tfoot"),
}
"""Elements that stand in few others."""

CHILDREN = {
    "html": _words("head body"),
    "head": _words("base link meta noscript script style template title"),
    "table": _words("caption colgroup thead tbody tfoot tr script template"),
    "thead": _words("tr script template"),
    "tbody": _words("tr script template"),
    "tfoot": _words("tr script template"),
    "tr": _words("td th script template"),
}
"""Elements that hold few others and no text; a parser would move anything else out of them."""

NOT_IN_ITSELF = _words("a button form nobr option select")
"""Elements before which a parser closes an open one of the same name."""

REFERENCES = _words(
    "aria-activedescendant aria-controls aria-describedby aria-details aria-labelledby aria-owns "
    "for form headers list popovertarget"
)
"""Attributes that name identifiers of the same page."""
