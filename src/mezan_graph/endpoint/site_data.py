"""Files of data that pages of the site link to, each made when somebody asks for it.

Runs in a worker. They have the paths and the content of the published folder.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.description import dataset_iri, schema_org_part
from mezan_graph.endpoint.dumps import DISTRIBUTIONS, dump
from mezan_graph.exports import header_lines
from mezan_graph.filenames import file_stem
from mezan_graph.formats import JSONLD, NTRIPLES, TURTLE
from mezan_graph.serialization import canonical, serialize
from mezan_graph.site.discovery import SITEMAP, site_maps
from mezan_graph.site.pages import listed_pages
from mezan_graph.site.pages.classes import class_data
from mezan_graph.site.pages.queries import answered

if TYPE_CHECKING:
    from mezan_graph.endpoint.pages import Site

_SITEMAP = SITEMAP.removesuffix(".xml")


def data_file(site: Site, path: str) -> bytes | None:
    """Return the file of data at ``path``, ``None`` where there is none.

    Args:
        site: What everything is made from.
        path: Path relative to the root of the site.
    """
    whole = PurePosixPath(path)
    stem, suffix = path.removesuffix(whole.suffix), whole.suffix
    if whole.parent.name == "query":
        found = (each for each in site.queries.values() if site.addresses.query(each.name) == stem)
        return next(
            (answered(site.project, site.graph, each).files.get(suffix) for each in found), None
        )
    if whole.parent.name == "class":
        iri = site.iris.get(stem)
        return None if iri is None else dict(class_data(site.knowledge, iri, stem)).get(path)
    if whole.parent.name == "graphs":
        return _named_graph(site, whole)
    if path in {each.name for each in DISTRIBUTIONS}:
        return dump(site.loaded, path)
    if path.startswith(_SITEMAP) and suffix == ".xml":
        return _site_map(site, path)
    return description_file(site, path)


def _site_map(site: Site, path: str) -> bytes | None:
    pages = listed_pages(list(site.views.values()), site.network)
    maps = site_maps(site.project, site.graph, site.addresses, pages)
    return next((content for name, content in maps if name == path), None)


def _named_graph(site: Site, path: PurePosixPath) -> bytes | None:
    if path.suffix != TURTLE.suffix:
        return None
    for each in site.graph.graph_names:
        if isinstance(each, ox.NamedNode) and file_stem(each.value.rpartition("/")[2]) == path.stem:
            part = site.graph.restricted_to(each)
            return serialize(part, TURTLE, header=header_lines(site.project))
    return None


def description_file(site: Site, path: str) -> bytes | None:
    """Return the file at ``path`` that describes the data set, ``None`` where there is none."""
    if path not in {"catalog.ttl", "dataset.jsonld", "dataset.nt"}:
        return None
    described = canonical(site.loaded.description())
    header = header_lines(site.project)
    if path == "dataset.jsonld":
        part, root = schema_org_part(described), dataset_iri(site.project)
        return serialize(part, JSONLD, context=site.loaded.context, root=root)
    rdf_format = TURTLE if path == "catalog.ttl" else NTRIPLES
    return serialize(described, rdf_format, header=header)
