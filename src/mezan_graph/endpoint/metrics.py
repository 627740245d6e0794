"""Figures of the server for Prometheus: the one module that knows its library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from mezan_graph.endpoint.service import Service

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counts requests, and asks the service for the rest when it is asked itself."""

    def __init__(self, service: Service) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "mezan_requests", "Requests answered.", ["route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "mezan_request_seconds",
            "Time from a request to the end of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._bytes = Counter("mezan_answer_bytes", "Bytes of answers.", registry=registry)
        self._ended = Gauge(
            "mezan_queries_ended", "Queries ended, by reason.", ["reason"], registry=registry
        )

        def gauge(name: str, text: str, value: object) -> None:
            made = Gauge(f"mezan_{name}", text, registry=registry)
            made.set_function(value)  # type: ignore[arg-type]

        def pool(attribute: str) -> object:
            def read() -> float:
                current = service.current
                value = getattr(current.pool, attribute) if current is not None else 0
                return float(value if isinstance(value, int) else len(value))

            return read

        gauge("queries_running", "Jobs that workers do.", pool("busy"))
        gauge("requests_waiting", "Requests that wait for a worker.", pool("in_line"))
        gauge("workers", "Worker processes.", pool("workers"))
        gauge("triples", "Triples served.", lambda: service.facts.get("triples") or 0)
        gauge("reloads", "Reloads swapped in.", lambda: service.reloads)
        gauge("store_failures", "Requests that the store failed.", lambda: service.store_failures)
        gauge("reload_failures", "Reloads not swapped in.", lambda: service.failures)
        self._service = service
        self._children: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def count(self, route: str, status: int, seconds: float, size: int) -> None:
        """Count a request that was answered."""
        child = self._children.get((route, status))
        if child is None:
            made = self._requests.labels(route, str(status)), self._seconds.labels(route)
            child = self._children[route, status] = made
        child[0].inc()
        child[1].observe(seconds)
        self._bytes.inc(size)

    def text(self) -> bytes:
        """Return every figure in Prometheus' text format."""
        if self._service.current is not None:
            for reason, count in self._service.current.pool.killed.items():
                self._ended.labels(reason).set(count)
        return generate_latest(self._registry)
