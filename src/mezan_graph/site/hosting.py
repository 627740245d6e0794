"""Settings for the hosts that people use, made from one table of routes, headers and types.

``docs/publishing.md`` says what to do with each file. GitHub Pages and ``python -m http.server``
cannot be told anything; there the files with a suffix are the addresses.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from mezan_graph.site import apache, nginx
from mezan_graph.site.headers import EVERYWHERE, NAMED_TYPES, TYPES, UNLISTED, with_charset
from mezan_graph.site.routes import OtherName, hosted_path, other_names, routes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.project import Project
    from mezan_graph.site.addresses import Addresses

NGINX_MAPS = "hosting/nginx-maps.conf"
NGINX_SERVER = "hosting/nginx-server.conf"
W3ID = "hosting/w3id/"


def hosting_files(project: Project, addresses: Addresses) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the settings of each host.

    Args:
        project: What is published, in which languages, and where: ``site.url`` of ``mezan.toml``.
        addresses: What has a page, and the graph that is published.
    """
    root = hosted_path(project)
    others = other_names(project, addresses)
    ontology = ox.NamedNode(project.graph_iri("ontology"))
    table = routes(ontology=ontology in addresses.graph.graph_names)
    texts = {
        "_headers": _headers(root),
        "_redirects": _redirects(project, root, others),
        ".htaccess": apache.site_rules(project, root, table, others),
        NGINX_MAPS: nginx.maps(project, root, others),
        NGINX_SERVER: nginx.server(root, table),
    }
    if project.site != project.base:
        texts[f"{W3ID}.htaccess"] = apache.w3id_rules(project, table, others)
        texts[f"{W3ID}README.md"] = _w3id_readme(project)
    for path, text in texts.items():
        yield path, text.encode()


def _headers(root: str) -> str:
    """Netlify and Cloudflare Pages; the former hears only whole paths and a final asterisk."""
    lines = [f"{root}*", *(f"  {name}: {value}" for name, value in EVERYWHERE.items())]
    for name, media_type in NAMED_TYPES.items():
        lines += [f"{root}{name}", f"  Content-Type: {with_charset(media_type)}"]
    for suffix in UNLISTED:
        lines += [
            f"{root}*{suffix}",
            f"  Content-Type: {with_charset(TYPES[suffix])}",
            "  X-Robots-Tag: noindex",
        ]
    return "\n".join(lines) + "\n"


def _redirects(project: Project, root: str, others: list[OtherName]) -> str:
    """Netlify: by language only, since no rule there sees ``Accept``."""
    lines = [
        f"{root}{quote(path)} {root}{quote(stem)} 302"
        for path, stem, _ in islice(others, apache.MOST_NAMES)
    ]
    lines.append(f"{root}id/* {root}doc/:splat 302")
    default, *further = project.languages
    for folder in ("doc", "concept"):
        page = f"{root}{{}}/{folder}/:splat 302"
        lines += [f"{root}{folder}/* {page.format(each)} Language={each}" for each in further]
        lines.append(f"{root}{folder}/* {page.format(default)}")
    for name, page in (("def", "vocabulary"), ("shapes", "shapes"), ("dataset/*", "data")):
        lines.append(f"{root}{name} {root}{default}/{page}.html 302")
    lines.append(f"{root}graph/* {root}graphs/:splat.ttl 302")
    return "\n".join(lines) + "\n"


def _w3id_readme(project: Project) -> str:
    title = project.title.get("en") or next(iter(project.title.values()))
    return (
        f"# {title}\n\n"
        f"`{project.base}` leads to <{project.site}>.\n\n"
        "Entities, concepts, the vocabulary and the data set answer with 303 to a page in the\n"
        "reader's language, or to Turtle, JSON-LD or N-Triples, as the request asks.\n\n"
        "## Contact\n\n"
        "The maintainers' GitHub user names belong here before this folder is proposed to\n"
        "https://github.com/perma-id/w3id.org.\n"
    )
