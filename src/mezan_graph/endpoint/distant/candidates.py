"""What a store has that is called like a text or says it: a bounded number, to be ranked here.

The store compares with CONTAINS and LCASE, so that nothing of a stranger's text is a pattern. What
people leave out or write differently (accents, vowel signs, spellings of hamza, ya, ta marbuta) is
taken out of names by patterns of our own, for the letters that are looked for alone.
"""

from __future__ import annotations

import math
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.endpoint.finding import Words
from mezan_graph.endpoint.labels import NAMES, normalised
from mezan_graph.namespaces import DCT, OA, OWL, RDF, SCHEMA, SKOS
from mezan_graph.site.knowledge import DEFINITIONS, LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mezan_graph.endpoint.distant.graph import Distant

MOST = 300
"""Most candidates of one question."""
_PIECES = 16
_PIECE = 3
_ACCENTED = range(0x00C0, 0x0250)
_MARKS = "[\u0300-\u036f]"
_ARABIC = {"ا": "[أإآٱ]", "ي": "[ىئ]", "ه": "ة", "و": "ؤ"}
_VOWELS = "[\u0640\u064b-\u0652\u0670]"
_TEXTS = (
    *DEFINITIONS, SCHEMA.text, SCHEMA.serviceType, OA.exact, OA.bodyValue, RDF.value, RDF.object,
    SKOS.note, SKOS.scopeNote, DCT.abstract,
)  # fmt: skip
"""Properties whose values are searched besides names, and the first ones of the project's own."""
_OWN = 50
_NAMES = tuple(dict.fromkeys((*NAMES, *LABELS)))


def found_in(distant: Distant, text: str) -> tuple[list[ox.NamedNode], bool]:
    """Return what has every word of ``text``: in a name first, the shortest names before others.

    Returns:
        The candidates, and whether these are all that the store has.
    """
    words = sorted((each.strip() for each in Words(text).needles), key=len, reverse=True)
    if not words:
        return [], True
    anchor = f"CONTAINS({_folded('?o', words[0])}, {_quoted(words[0])})"
    further = " ".join(
        f"FILTER EXISTS {{ ?s ?p{number} ?o{number} FILTER(isLiteral(?o{number}) &&"
        f" CONTAINS({_folded(f'?o{number}', word)}, {_quoted(word)})) }}"
        for number, word in enumerate(words[1:])
    )
    own = distant.site.knowledge.instances(OWL.DatatypeProperty)
    found: dict[ox.NamedNode, None] = {}
    whole = True
    for properties, order in ((_NAMES, "ORDER BY ?far"), ((*_TEXTS, *own[:_OWN]), "")):
        # Apart from the others, so that only what has the longest word is looked at twice.
        inner = (
            f"SELECT ?s (MIN(STRLEN(STR(?o))) AS ?far) WHERE {{ {_any_of(properties)}"
            f" FILTER({anchor}) }} GROUP BY ?s HAVING(isIRI(?s))"
        )
        query = f"SELECT ?s WHERE {{ {{ {inner} }} {further} }} {order} LIMIT {MOST + 1}"
        rows = [node for node, _ in distant.rows(query)]
        whole = whole and len(rows) <= MOST
        found |= dict.fromkeys(rows[:MOST])
    return list(found), whole


def called(distant: Distant, text: str) -> list[ox.NamedNode]:
    """Return the entities that have exactly this name, in a language of the project or in none."""
    listed = " ".join(map(str, in_each_language(distant, text)))
    names = ", ".join(map(str, _NAMES))
    query = (
        f"SELECT DISTINCT ?s WHERE {{ VALUES ?o {{ {listed} }} ?s ?p ?o"
        f" FILTER(?p IN ({names}) && {_ours(distant)}) }} LIMIT {MOST}"
    )
    return [node for node, _ in distant.rows(query)]


def called_like(
    distant: Distant, text: str, types: Iterable[ox.NamedNode] = ()
) -> list[ox.NamedNode]:
    """Return the entities whose names have most of the words of ``text`` and of their parts.

    Args:
        distant: The project and its store.
        text: What they may be called.
        types: Classes of one of which they are; by default of any.
    """
    listed = ", ".join(map(str, types))
    kept = f"FILTER EXISTS {{ ?s a ?type FILTER(?type IN ({listed})) }}" if listed else ""
    whole = normalised(text)
    words = sorted(dict.fromkeys(whole.split()), key=len, reverse=True)
    pieces = list(dict.fromkeys(piece for word in words for piece in _pieces(word)))[:_PIECES]
    if not pieces:
        return []
    has = (f"IF(CONTAINS(?k, {_quoted(each)}), {len(each)}, 0)" for each in pieces)
    # Nearly all names have none of these, and then nothing else is looked for in them.
    telling = dict.fromkeys((pieces[0], _pieces(words[0])[-1], _pieces(words[-1])[0],
                             _pieces(words[min(1, len(words) - 1)])[0]))  # fmt: skip
    any_of = " || ".join(f"CONTAINS(?k, {_quoted(each)})" for each in telling)
    least = math.ceil(sum(map(len, pieces)) / 3)
    query = (
        f"SELECT ?s (MAX(?n) AS ?many) (MIN(?d) AS ?far) WHERE {{ {_any_of(_NAMES)}"
        f" BIND({_folded('?o', whole)} AS ?k)"
        f" BIND(STRLEN(?k) >= {_PIECE} && CONTAINS({_quoted(whole)}, ?k) AS ?within)"
        f" FILTER(?within || {any_of})"
        f" BIND({' + '.join(has)} AS ?n) FILTER(?within || ?n >= {least})"
        f" BIND(ABS(STRLEN(?k) - {len(whole)}) AS ?d) {kept} }}"
        f" GROUP BY ?s HAVING({_ours(distant)}) ORDER BY DESC(?many) ?far LIMIT {MOST}"
    )
    return [node for node, _ in distant.rows(query)]


def starting(distant: Distant, prefix: str) -> list[ox.NamedNode]:
    """Return entities with a word in their names that starts with ``prefix``; shortest first."""
    wanted = normalised(prefix)
    condition = _ours(distant)
    if wanted:
        key = _folded("?o", wanted)
        condition += (
            f" && (STRSTARTS({key}, {_quoted(wanted)}) || CONTAINS({key}, {_quoted(f' {wanted}')}))"
        )
    query = (
        f"SELECT ?s (MIN(STRLEN(STR(?o))) AS ?far) WHERE {{ {_any_of(_NAMES)}"
        f" FILTER({condition}) }} GROUP BY ?s ORDER BY ?far ?s LIMIT {MOST}"
    )
    return [node for node, _ in distant.rows(query)]


def valued(
    distant: Distant, predicate: ox.NamedNode, values: Iterable[ox.NamedNode | ox.Literal]
) -> list[ox.NamedNode]:
    """Return the entities that have one of ``values`` by a property, or something called so."""
    listed = " ".join(map(str, values))
    names = ", ".join(map(str, _NAMES))
    query = (
        f"SELECT DISTINCT ?s WHERE {{ {{ VALUES ?o {{ {listed} }} ?s {predicate} ?o }} UNION"
        f" {{ VALUES ?o {{ {listed} }} ?value ?p ?o FILTER(?p IN ({names}))"
        f" ?s {predicate} ?value }} FILTER({_ours(distant)}) }} LIMIT {MOST}"
    )
    return [node for node, _ in distant.rows(query)]


def some_of(distant: Distant, kind: ox.NamedNode, most: int) -> list[ox.NamedNode]:
    """Return some of the entities of a class."""
    where = f"?s a {kind} FILTER({_ours(distant)})"
    query = f"SELECT DISTINCT ?s WHERE {{ {where} }} LIMIT {most}"
    return [node for node, _ in distant.rows(query)]


def in_each_language(distant: Distant, text: str) -> list[ox.Literal]:
    """Return the literals that say ``text`` in a language of the project, or in none."""
    languages = distant.project.languages
    return [ox.Literal(text), *(ox.Literal(text, language=each) for each in languages)]


def _any_of(properties: Iterable[ox.NamedNode]) -> str:
    listed = " ".join(dict.fromkeys(map(str, properties)))
    return f"VALUES ?p {{ {listed} }} ?s ?p ?o ."


def _ours(distant: Distant) -> str:
    return f"isIRI(?s) && {distant.within('id/')}"


def _pieces(word: str) -> Sequence[str]:
    """Return parts of a word, most of which are left where a letter of it is another one."""
    if len(word) <= _PIECE:
        return [word]
    parts = [word[start : start + _PIECE] for start in range(0, len(word) - _PIECE + 1, _PIECE)]
    return [*parts, word[-_PIECE:]]


def _folded(variable: str, wanted: str) -> str:
    """Return an expression for the text of ``variable`` without what ``wanted`` has not either."""
    text = expression = f"LCASE(STR({variable}))"
    letters = set(wanted)
    if any("\u0600" <= each <= "\u06ff" for each in letters):
        script, marks, forms = "[\u0600-\u06ff]", _VOWELS, _ARABIC
    else:
        script, marks, forms = "[\u00c0-\u024f\u0300-\u036f]", _MARKS, _accented()
    expression = f"REPLACE({expression}, {_quoted(marks)}, '')"
    for letter in sorted(letters & forms.keys()):
        expression = f"REPLACE({expression}, {_quoted(forms[letter])}, {_quoted(letter)})"
    # Most names have nothing to replace, which one pattern tells sooner than ten.
    return f"IF(REGEX({text}, {_quoted(script)}), {expression}, {text})"


@cache
def _accented() -> dict[str, str]:
    """Return a pattern for the accented forms of each Latin letter that has any."""
    found: dict[str, list[str]] = {}
    for each in map(chr, _ACCENTED):
        base = unicodedata.normalize("NFKD", each)[0]
        if each.islower() and base != each and base.isascii():
            found.setdefault(base, []).append(each)
    return {base: f"[{''.join(forms)}]" for base, forms in found.items()}


def _quoted(text: str) -> str:
    """Return ``text`` as a literal of SPARQL."""
    return str(ox.Literal(text))
