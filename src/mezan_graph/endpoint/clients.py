"""Who asks, and how often: a token bucket for each client."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from functools import lru_cache

_MOST_CLIENTS = 10_000
_NETWORK = 64


class TokenBuckets:
    """A bucket for each client, filled at a steady rate up to a burst; a request takes a token.

    Only so many clients are remembered; who was longest away is forgotten first.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, now: float) -> int:
        """Take a token.

        Args:
            client: Whose.
            now: Monotonic time in seconds.

        Returns:
            0 where there was a token, else the whole seconds until there is one.
        """
        if not self._rate:
            return 0
        tokens, then = self._clients.get(client, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        self._clients[client] = (tokens - 1 if tokens >= 1 else tokens, now)
        self._clients.move_to_end(client)
        while len(self._clients) > _MOST_CLIENTS:
            self._clients.popitem(last=False)
        return 0 if tokens >= 1 else math.ceil((1 - tokens) / self._rate)


@lru_cache(4096)
def client_of(peer: str, forwarded: str | None, proxies: int) -> str:
    """Return what a client is counted as.

    Args:
        peer: Address of the other end of the connection.
        forwarded: Value of ``X-Forwarded-For``.
        proxies: How many proxies of ours added an address to it. What stands further left was
            written by whoever asked, and is not believed.

    Returns:
        The IPv4 address, or the /64 network of the IPv6 address, which one client has whole.
    """
    if proxies and forwarded:
        named = [each.strip() for each in forwarded.split(",")]
        peer = named[-min(proxies, len(named))]
    try:
        address = ipaddress.ip_address(peer.strip("[]"))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _NETWORK), strict=False))
    return str(address)
