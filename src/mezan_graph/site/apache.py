"""Apache httpd: ``.htaccess`` for the site itself, and for the w3id.org folder that leads to it.

Only mod_rewrite negotiates, because that is what shared hosts and w3id.org allow. The patterns
are those of nginx: the first member of the header with the highest weight, to one decimal place.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from mezan_graph.site.headers import (
    EVERYWHERE,
    NAMED_TYPES,
    TYPES,
    UNLISTED,
    VARY,
    general_links,
    links,
    with_charset,
)
from mezan_graph.site.routes import (
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
    from collections.abc import Iterable, Iterator, Sequence

    from mezan_graph.project import Project

MOST_NAMES = 1000
"""Most names that get a rule of their own: httpd reads .htaccess at every request."""


def site_rules(
    project: Project, root: str, routes: Sequence[Route], others: Iterable[OtherName]
) -> str:
    """Return ``.htaccess`` for the folder of the site.

    Args:
        project: Languages, licence and URL of the site.
        root: URL path of the site, ending in ``/``.
        routes: What negotiates, besides entities.
        others: Paths of entities whose name is not their file stem, and those stems.
    """
    data = "|".join(each.suffix[1:] for each in SIBLINGS)
    data_file = "$1%{ENV:MEZAN_TYPE}"
    stems = r"((?:doc|concept)/[^/.]+)"
    lines = [
        "# For Apache httpd 2.4 with mod_rewrite, mod_headers and mod_mime, in the folder of the",
        "# site, which AllowOverride lets set FileInfo and Options.",
        "<IfModule mod_negotiation.c>",
        "Options -MultiViews",
        "</IfModule>",
        f"ErrorDocument 404 {root}404.html",
        "AddDefaultCharset utf-8",
        *(f'AddType "{with_charset(media_type)}" {suffix}' for suffix, media_type in TYPES.items()),
        "RemoveEncoding .gz",
        *_named_types(),
        "RewriteEngine On",
        f"RewriteBase {root}",
        f"RewriteRule ^(?:[A-Za-z-]+/)?{stems}\\.(?:html|{data})$ - [E=MEZAN_STEM:$1]",
        f"RewriteRule !^(?:{NEGOTIATED})$ - [L]",
        *_choice(project),
        *_names(others),
        "RewriteCond %{ENV:MEZAN_STEM} ^(doc/.+)$",
        f"RewriteRule ^id/ {root}%1 [R=303,L,NE]",
        "RewriteCond %{ENV:MEZAN_TYPE} ^\\.html$",
        f"RewriteRule ^doc/([^/.]+)$ {root}%{{ENV:MEZAN_LANGUAGE}}/doc/$1.html [R=302,L,NE]",
        f"RewriteRule ^doc/([^/.]+)$ doc/{data_file} [L,E=MEZAN_WHERE:{root}doc/{data_file}]",
        *_leading(root, routes),
        *_headers(project, root),
    ]
    return "\n".join(lines) + "\n"


def w3id_rules(project: Project, routes: Sequence[Route], others: Iterable[OtherName]) -> str:
    """Return ``.htaccess`` for the folder of w3id.org whose IRIs the data uses.

    It negotiates by itself, so that the site may lie on a host that cannot.
    """
    to = project.site
    lines = [
        f"# {project.base} leads to {to}",
        "RewriteEngine On",
        'Header always set Access-Control-Allow-Origin "*"',
        f'Header always set Vary "{VARY}"',
        f"RewriteRule ^((?!(?:{NEGOTIATED})$).*)$ {to}$1 [R=302,L,NE]",
        *_choice(project),
        *_names(others),
        "RewriteRule ^(doc/[^/.]+)$ - [E=MEZAN_STEM:$1]",
        *_leading(to, routes),
    ]
    return "\n".join(lines) + "\n"


def _choice(project: Project) -> Iterator[str]:
    """Yield rules that set MEZAN_TYPE, a suffix, and MEZAN_LANGUAGE from the request."""
    yield from _weighed("Accept", "MEZAN_RANGE", weighed(RANGES, "({})"))
    yield "RewriteCond %{HTTP:Accept} ^$ [NV]"
    yield "RewriteRule ^ - [E=MEZAN_RANGE:*/*]"
    yield "RewriteCond %{ENV:MEZAN_RANGE} ^$"
    yield "RewriteRule ^ - [R=406,L]"
    yield "RewriteRule ^ - [E=MEZAN_TYPE:.html]"
    for each in SIBLINGS:
        yield f"RewriteCond %{{ENV:MEZAN_RANGE}} ^{exact(each.media_type)}$ [NC]"
        yield f"RewriteRule ^ - [E=MEZAN_TYPE:{each.suffix}]"
    members = weighed(project.languages, "({})(?:-[a-z0-9]+)*")
    yield from _weighed("Accept-Language", "MEZAN_TAG", members)
    yield f"RewriteRule ^ - [E=MEZAN_LANGUAGE:{project.languages[0]}]"
    for tag in project.languages[1:]:
        yield f"RewriteCond %{{ENV:MEZAN_TAG}} ^{tag}$ [NC]"
        yield f"RewriteRule ^ - [E=MEZAN_LANGUAGE:{tag}]"


def _weighed(header: str, variable: str, patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        yield f"RewriteCond %{{ENV:{variable}}} ^$"
        yield f'RewriteCond %{{HTTP:{header}}} "{pattern}" [NC,NV]'
        yield f"RewriteRule ^ - [E={variable}:%1]"


def _names(others: Iterable[OtherName]) -> Iterator[str]:
    """Yield rules that set MEZAN_STEM; each name that is not its own file stem needs one."""
    waiting = iter(others)
    for path, stem, _ in islice(waiting, MOST_NAMES):
        pattern = re.escape(path).replace('"', "\\x22")
        yield f'RewriteRule "^{pattern}$" - [E=MEZAN_STEM:{stem}]'
    left = sum(1 for _ in waiting)
    if left:
        yield f"# {left} more names have no rule: httpd reads this file at every request."
    for space, folder in (("id", "doc"), ("concept", "concept")):
        yield "RewriteCond %{ENV:MEZAN_STEM} ^$"
        yield f"RewriteRule ^{space}/({SLUG})$ - [E=MEZAN_STEM:{folder}/$1]"


def _leading(to: str, routes: Iterable[Route]) -> Iterator[str]:
    """Yield the rules that lead to page or data; what has no stem or route is not found."""
    yield "RewriteCond %{ENV:MEZAN_TYPE} ^\\.html$"
    yield "RewriteCond %{ENV:MEZAN_STEM} ^(.+)$"
    yield f"RewriteRule ^ {to}%{{ENV:MEZAN_LANGUAGE}}/%1.html [R=303,L,NE]"
    yield "RewriteCond %{ENV:MEZAN_STEM} ^(.+)$"
    yield f"RewriteRule ^ {to}%1%{{ENV:MEZAN_TYPE}} [R=303,L,NE]"
    for route in routes:
        pattern = f"RewriteRule ^{route.pattern}$"
        yield "RewriteCond %{ENV:MEZAN_TYPE} ^\\.html$"
        yield f"{pattern} {to}%{{ENV:MEZAN_LANGUAGE}}/{route.page} [R=303,L,NE]"
        for suffix, path in route.files.items():
            yield f"RewriteCond %{{ENV:MEZAN_TYPE}} ^\\{suffix}$"
            yield f"{pattern} {to}{path.format('$1')} [R=303,L,NE]"
    yield "RewriteRule ^ - [R=404,L]"


def _named_types() -> Iterator[str]:
    for name, media_type in NAMED_TYPES.items():
        yield f'<Files "{name.rpartition("/")[2]}">'
        yield f'ForceType "{with_charset(media_type)}"'
        yield "</Files>"


def _headers(project: Project, root: str) -> Iterator[str]:
    start = re.escape(root)
    yield "<IfModule mod_headers.c>"
    for name, value in EVERYWHERE.items():
        yield f'Header always set {name} "{value}"'
    asked = f"expr=%{{THE_REQUEST}} =~ m#^[A-Z]+ {start}(?:{NEGOTIATED})(?:[?]| HTTP)#"
    yield f'Header always merge Vary "{VARY}" "{asked}"'
    for tag in project.languages:
        where = f"expr=%{{REQUEST_URI}} =~ m#^{start}{tag}/#"
        yield f'Header set Content-Language "{tag}" "{where}"'
    data = "|".join(map(re.escape, UNLISTED))
    yield f'Header set X-Robots-Tag "noindex" "expr=%{{REQUEST_URI}} =~ m#(?:{data})$#"'
    where = "REDIRECT_MEZAN_WHERE"
    yield f'Header set Content-Location "%{{{where}}}e" env={where}'
    general = general_links(project, root).replace('"', '\\"')
    stems = links(project, "%{MEZAN_STEM}e", root).replace('"', '\\"')
    yield f'Header set Link "{general}"'
    yield f'Header set Link "{stems}" env=MEZAN_STEM'
    yield "</IfModule>"
