"""Loading a project whose data is in a store elsewhere."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from mezan_graph.endpoint.distant.graph import Distant
from mezan_graph.endpoint.distant.store import Address, Store
from mezan_graph.endpoint.jobs import distant_jobs
from mezan_graph.endpoint.loading import last_modified, served_queries
from mezan_graph.graph import Graph
from mezan_graph.project import Project
from mezan_graph.sources import project_sources

if TYPE_CHECKING:
    from pathlib import Path


def load_distant(root: Path, address: Address) -> Distant:
    """Load the project in ``root`` but for its data, and look whether the store is there.

    Args:
        root: Folder of the project.
        address: Where the data is.

    Raises:
        RemoteError: The store cannot be asked, or holds nothing of what is to be served.
        UsageError: Requests may not go to the address.
        InputError: A file of the project cannot be read.
    """
    project = Project.open(root)
    inside = project.folders.get("ontology")
    sources = [
        each
        for each in project_sources(project)
        if inside is not None and each.path is not None and inside in each.path.parents
    ]
    vocabulary = Graph.from_sources(sources, project.prefixes)
    store = Store(address, project)
    queries = served_queries(project)
    distant = Distant(
        project, vocabulary, queries, last_modified(project), distant_jobs(), store=store
    )
    distant.find_graphs(address.graphs)
    distant.find_funding_kinds()
    distant.classes.find()
    _ = distant.stems, distant.context, vocabulary.graph_names
    store.close()
    gc.collect()
    gc.freeze()
    return distant
