"""What a served project bears: the table ``[serve]`` of ``mezan.toml``, with safe defaults."""

from __future__ import annotations

from typing import NamedTuple


class ServiceLimits(NamedTuple):
    """Bounds on what one client, one query and all of them together may take.

    Attributes:
        workers: Queries that are evaluated at once, and as many more that have turned out to take
            longer than a tenth of a second; 0 stands for two for each processor.
        long_queries: Further queries that may go on for longer than ``short_milliseconds``.
        short_milliseconds: Time after which a query counts as long, and makes way for others.
        seconds: Longest time for a query; a worker that takes longer is killed.
        memory_mebibytes: Memory that a query may take, beside the graph.
        answer_mebibytes: Largest answer.
        waiting: Most requests that wait for a worker.
        waiting_seconds: Longest time that a request waits for a worker.
        requests_per_second: Requests that each client may make in the long run; 0 for any number.
        burst: Requests that a client may make at once.
        body_kibibytes: Largest body of a request.
        header_kibibytes: Largest head of a request, URL and headers together.
        connections: Most open connections.
        idle_seconds: Longest time for a client to send a request, or to take some of its answer.
        cache_mebibytes: Memory for answers that are kept until the graph changes.
        proxies: Number of reverse proxies in front, each of which adds an address to
            ``X-Forwarded-For``; the header is not looked at where there is none.
    """

    workers: int = 0
    long_queries: int = 2
    short_milliseconds: int = 500
    seconds: int = 10
    memory_mebibytes: int = 512
    answer_mebibytes: int = 64
    waiting: int = 1000
    waiting_seconds: int = 10
    requests_per_second: int = 50
    burst: int = 200
    body_kibibytes: int = 1024
    header_kibibytes: int = 32
    connections: int = 2000
    idle_seconds: int = 15
    cache_mebibytes: int = 64
    proxies: int = 0


MAY_BE_ZERO = frozenset({"workers", "requests_per_second", "cache_mebibytes", "proxies"})
"""Settings for which 0 means something; all others are at least 1."""
