"""``python -m mezan_graph`` is ``mezan``."""

from mezan_graph.cli import main

if __name__ == "__main__":
    main()
