"""Pages of every entity as a plain loop over a jinja2 template makes them: the naive way.

    python -m benchmarks.plain_pages FOLDER FILE…

A page in each of two languages: the names, what is said about the entity, and what leads to it,
each thing linked by its name; beside it the triples as Turtle. No JSON-LD in the page, no picture,
no lists, no search, no canonical order, and nothing is checked.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import jinja2
import pyoxigraph as ox

LANGUAGES = ("en", "ar")
NAMES = ("name", "prefLabel")
TEMPLATE = """\
<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<title>{{ name(iri) }}</title>
<link rel="alternate" type="text/turtle" href="../doc/{{ stem(iri) }}.ttl">
</head>
<body>
<h1>{{ name(iri) }}</h1>
<dl>
{% for quad in about %}
<dt>{{ name(quad.predicate) }}</dt>
<dd>{% if quad.object in pages %}<a href="{{ stem(quad.object) }}.html">{{ name(quad.object) }}</a>
{%- else %}{{ quad.object.value }}{% endif %}</dd>
{% endfor %}
</dl>
<ul>
{% for quad in leading %}
<li>{{ name(quad.predicate) }}: {% if quad.subject in pages -%}
<a href="{{ stem(quad.subject) }}.html">{{ name(quad.subject) }}</a>
{%- else %}{{ quad.subject.value }}{% endif %}</li>
{% endfor %}
</ul>
</body>
</html>
"""


def main(folder: Path, sources: list[str]) -> None:
    about: dict[object, list[ox.Quad]] = defaultdict(list)
    leading: dict[object, list[ox.Quad]] = defaultdict(list)
    names: dict[tuple[object, str | None], str] = {}
    for source in sources:
        for quad in ox.parse(path=source):
            about[quad.subject].append(quad)
            if isinstance(quad.object, ox.Literal):
                if quad.predicate.value.endswith(NAMES):
                    names[quad.subject, quad.object.language] = quad.object.value
            else:
                leading[quad.object].append(quad)
    pages = {each for each in about if isinstance(each, ox.NamedNode)}

    def stem(iri: ox.NamedNode) -> str:
        return iri.value.rpartition("/")[2]

    template = jinja2.Environment(autoescape=True).from_string(TEMPLATE)
    for below in (*LANGUAGES, "doc"):
        (folder / below).mkdir(parents=True)
    for iri in pages:
        triples = [ox.Triple(quad.subject, quad.predicate, quad.object) for quad in about[iri]]
        ox.serialize(triples, str(folder / "doc" / f"{stem(iri)}.ttl"), ox.RdfFormat.TURTLE)
        for language in LANGUAGES:

            def name(term: ox.NamedNode, language: str = language) -> str:
                fallback = names.get((term, "en")) or names.get((term, None)) or term.value
                return names.get((term, language)) or fallback

            html = template.render(
                language=language, iri=iri, about=about[iri], leading=leading.get(iri, ()),
                name=name, stem=stem, pages=pages,
            )  # fmt: skip
            path = folder / language / f"{stem(iri)}.html"
            path.write_text(html, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
