"""nginx: redirects by ``Accept`` and ``Accept-Language``, headers and media types.

Two files, because ``map`` belongs to ``http`` and ``location`` to ``server``. nginx has no
negotiation of its own: a map of patterns, tried in order, finds the first member of the header
with the highest weight, to one decimal place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mezan_graph.site.headers import (
    EVERYWHERE,
    NAMED_TYPES,
    TYPES,
    UNLISTED,
    VARY,
    general_links,
    links,
)
from mezan_graph.site.routes import (
    HTML,
    NEGOTIATED,
    RANGES,
    SIBLINGS,
    SLUG,
    OtherName,
    Route,
    exact,
    weighed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mezan_graph.project import Project

_MAPS = "# For the http block of nginx, above the server: include this file there.\n"
_SERVER = (
    "# For the server block of nginx: include this file there. The site lies at {root} below the\n"
    "# root of that server, and nginx-maps.conf is included in the http block.\n"
)
_COMPRESSED = (
    "text/css text/csv text/javascript text/plain text/turtle application/json application/xml "
    "application/atom+xml application/ld+json application/n-triples application/n-quads "
    "application/trig application/rdf+xml application/wasm image/svg+xml"
)
_SHORT_KEY = 40
"""Longest key, in bytes, that fits a bucket of nginx's usual size."""
_TAG = "(?<mezan_l>{})(?:-[a-z0-9]+)*"


def maps(project: Project, root: str, others: Sequence[OtherName]) -> str:
    """Return the maps: from the request's headers and path to what is answered.

    Args:
        project: Languages, licence and URL of the site.
        root: URL path of the site, ending in ``/``.
        others: Paths of entities whose name is not their file stem, and those stems.
    """
    start = re.escape(root)
    default = project.languages[0]
    data = "|".join(each.suffix[1:] for each in SIBLINGS)
    languages = "|".join(re.escape(each) for each in project.languages)
    page = f"<{project.site}$mezan_p>"
    own = rf'"~^{start}(?:[A-Za-z-]+/)?(?<mezan_s>(?:doc|concept)/[^/.]+)\.(?:html|{data})$"'
    lines = [
        "map $http_accept $mezan_range {",
        f'    "" {HTML};',
        *(f'    "~*{each}" $mezan_r;' for each in weighed(RANGES, "(?<mezan_r>{})")),
        "    default none;",
        "}",
        "map $mezan_range $mezan_type {",
        "    none none;",
        *(f'    "~*^{exact(each.media_type)}$" {each.suffix};' for each in SIBLINGS),
        "    default .html;",
        "}",
        "map $http_accept_language $mezan_tag {",
        *(f'    "~*{each}" $mezan_l;' for each in weighed(project.languages, _TAG)),
        f"    default {default};",
        "}",
        "map $mezan_tag $mezan_language {",
        *(f'    "~*^{re.escape(each)}$" {each};' for each in project.languages),
        f"    default {default};",
        "}",
        "map $request_uri $mezan_vary {",
        f'    "~^{start}(?:{NEGOTIATED})(?:[?]|$)" "{VARY}";',
        '    default "";',
        "}",
        "map $uri $mezan_content_language {",
        *(f'    "~^{start}{re.escape(each)}/" {each};' for each in project.languages),
        '    default "";',
        "}",
        "map $uri $mezan_robots {",
        f'    "~^{start}.*(?:{"|".join(map(re.escape, UNLISTED))})$" noindex;',
        '    default "";',
        "}",
        "map $uri $mezan_link {",
        f"    {own} '{links(project, '$mezan_s', root)}';",
        f"    default '{general_links(project, root)}';",
        "}",
        "map $uri $mezan_canonical {",
        f'    "~^{start}(?<mezan_p>(?:{languages})/.*)$" \'{page}; rel="canonical"\';',
        '    default "";',
        "}",
        *_stems(root, others),
    ]
    longest = max((len((root + each.path).encode()) for each in others), default=0)
    if longest > _SHORT_KEY:
        # Before the first map, or nginx has fixed it already.
        lines.insert(0, f"map_hash_bucket_size {1 << (longest + 32).bit_length()};")
    return _MAPS + "\n".join(lines) + "\n"


def server(root: str, routes: Sequence[Route]) -> str:
    """Return the locations, headers and media types.

    Args:
        root: URL path of the site, ending in ``/``.
        routes: What negotiates, besides entities.
    """
    start = re.escape(root)
    types: dict[str, list[str]] = {}
    for suffix, media_type in TYPES.items():
        types.setdefault(media_type, []).append(suffix[1:])
    data = "|".join(each.suffix[1:] for each in SIBLINGS)
    texts = [each for each in types if each.startswith("text/") and each != HTML]
    lines = [
        "absolute_redirect off;",
        "charset utf-8;",
        f"charset_types {' '.join(texts)};",
        f"error_page 404 {root}404.html;",
        "gzip on;",
        "gzip_vary on;",
        f"gzip_types {_COMPRESSED};",
        "types {",
        *(f"    {media_type} {' '.join(suffixes)};" for media_type, suffixes in types.items()),
        "}",
        'set $mezan_where "";',
        *(f'add_header {name} "{value}" always;' for name, value in EVERYWHERE.items()),
        "add_header Vary $mezan_vary always;",
        "add_header Content-Language $mezan_content_language;",
        "add_header Content-Location $mezan_where;",
        "add_header Link $mezan_link;",
        "add_header Link $mezan_canonical;",
        "add_header X-Robots-Tag $mezan_robots;",
        *(
            f"location = {root}{name} {{ default_type {media_type}; }}"
            for name, media_type in NAMED_TYPES.items()
        ),
        f"location ~ ^{start}id/. {{",
        '    if ($mezan_stem = "") { return 404; }',
        f"    return 303 {root}$mezan_stem;",
        "}",
        f'location ~ "^{start}doc/(?<mezan_name>[^/.]+)$" {{',
        *_page(f"302 {root}$mezan_language/doc/$mezan_name.html"),
        f"    set $mezan_where {root}doc/$mezan_name$mezan_type;",
        "    try_files $mezan_where =404;",
        "}",
        f'location ~ "^{start}concept/(?!.*[.](?:html|{data})$).+$" {{',
        '    if ($mezan_stem = "") { return 404; }',
        *_page(f"303 {root}$mezan_language/$mezan_stem.html"),
        f"    return 303 {root}$mezan_stem$mezan_type;",
        "}",
        *(line for each in routes for line in _route(root, each)),
    ]
    return _SERVER.format(root=root) + "\n".join(lines) + "\n"


def _page(redirect: str) -> list[str]:
    return [
        "    if ($mezan_type = none) { return 406; }",
        f"    if ($mezan_type = .html) {{ return {redirect}; }}",
    ]


def _route(root: str, route: Route) -> Iterator[str]:
    yield f'location ~ "^{re.escape(root)}{route.pattern.replace("(", "(?<mezan_name>", 1)}$" {{'
    yield from _page(f"303 {root}$mezan_language/{route.page}")
    files = {suffix: root + path.format("$mezan_name") for suffix, path in route.files.items()}
    for suffix, path in files.items():
        yield f"    if ($mezan_type = {suffix}) {{ return 303 {path}; }}"
    yield "}"


def _stems(root: str, others: Sequence[OtherName]) -> Iterator[str]:
    """Yield the map from the path of an entity or concept to the stem of its files.

    Keys of a map know no case: names that differ in nothing else are told apart by patterns.
    """
    start = re.escape(root)
    yield "map $uri $mezan_stem {"
    for path, stem, alone in others:
        key = root + path if alone else f"~^{start}{re.escape(path)}$"
        yield f"    {_quoted(key)} {stem};"
    yield f'    "~^{start}id/(?<mezan_i>{SLUG})$" doc/$mezan_i;'
    yield f'    "~^{start}concept/(?<mezan_c>{SLUG})$" concept/$mezan_c;'
    yield '    default "";'
    yield "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
