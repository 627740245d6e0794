"""Figures of the server for Prometheus: the one module that knows its library."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

    from mezan_graph.endpoint.service import Service

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class _Requests(Collector):
    """Counts requests; only one thread does, so that nothing is locked, as the library's would."""

    def __init__(self) -> None:
        self._answers = Counter[tuple[str, int]]()
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        self._bytes = 0

    def count(self, route: str, status: int, seconds: float, size: int) -> None:
        self._answers[route, status] += 1
        row = self._buckets.get(route)
        if row is None:
            row = self._buckets[route] = [0] * (len(_SECONDS) + 1)
            self._seconds[route] = 0.0
        row[bisect_left(_SECONDS, seconds)] += 1
        self._seconds[route] += seconds
        self._bytes += size

    def collect(self) -> Iterator[Metric]:
        answers = CounterMetricFamily(
            "mezan_requests", "Requests answered.", labels=["route", "status"]
        )
        for (route, status), number in self._answers.items():
            answers.add_metric([route, str(status)], number)
        yield answers
        times = HistogramMetricFamily(
            "mezan_request_seconds",
            "Time from a request to the end of its answer.",
            labels=["route"],
        )
        bounds = [*map(str, map(float, _SECONDS)), "+Inf"]
        for route, row in self._buckets.items():
            buckets = zip(bounds, accumulate(row), strict=True)
            times.add_metric([route], [*buckets], self._seconds[route])
        yield times
        yield CounterMetricFamily("mezan_answer_bytes", "Bytes of answers.", value=self._bytes)


class Metrics:
    """Counts requests, and asks the service for the rest when it is asked itself."""

    def __init__(self, service: Service) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = _Requests()
        registry.register(self._requests)
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

    def count(self, route: str, status: int, seconds: float, size: int) -> None:
        """Count a request that was answered."""
        self._requests.count(route, status, seconds, size)

    def text(self) -> bytes:
        """Return every figure in Prometheus' text format."""
        if self._service.current is not None:
            for reason, count in self._service.current.pool.killed.items():
                self._ended.labels(reason).set(count)
        return generate_latest(self._registry)
