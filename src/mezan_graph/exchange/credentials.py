"""Who we are to a store: from the environment, netrc or the keyring, and never in a message."""

from __future__ import annotations

import netrc
import os
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit, urlunsplit

from mezan_graph.errors import RemoteError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mezan_graph.errors import MezanError

PUSH, ENDPOINT = "MEZAN_PUSH", "MEZAN_ENDPOINT"
"""What the environment variables start with that hold a user's name (``…_USER``), a password
(``…_PASSWORD``) or a bearer token (``…_TOKEN``): who may write, who may read."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, or a bearer token; neither for a store that asks nobody.

    Attributes:
        user: Name of the user.
        password: Password; not shown by ``repr``.
        token: Bearer token; not shown by ``repr``.
    """

    user: str | None = None
    password: str = field(default="", repr=False)
    token: str | None = field(default=None, repr=False)


def find_credentials(
    url: str,
    user: str | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    prefix: str = PUSH,
) -> Credentials:
    """Return the credentials for the host of ``url``.

    The environment comes first (``MEZAN_PUSH_TOKEN``, or ``MEZAN_PUSH_USER`` with
    ``MEZAN_PUSH_PASSWORD``), then the file that ``NETRC`` names or ``~/.netrc``, then the keyring
    of the operating system, where the package ``keyring`` is installed: service ``mezan:<host>``.

    Args:
        url: Where the store is.
        user: The user to look for; by default whoever is found.
        environment: Environment variables.
        prefix: What the variables start with, in place of ``MEZAN_PUSH``.

    Raises:
        UsageError: ``user`` is named and no password is found.
        RemoteError: The netrc file is malformed.
    """
    host = urlsplit(url).hostname or ""
    if user is None and (token := environment.get(f"{prefix}_TOKEN")):
        return Credentials(token=token)
    name = user or environment.get(f"{prefix}_USER")
    if name is not None and (password := environment.get(f"{prefix}_PASSWORD")) is not None:
        return Credentials(name, password)
    found = _from_netrc(host, environment)
    if found is not None and found.user == (name or found.user):
        return found
    kept = _from_keyring(host, name)
    if kept is not None:
        return kept
    if name is not None:
        raise UsageError(
            f"there is no password for the user {name}",
            place=host,
            hint=f"set {prefix}_PASSWORD, or keep it in ~/.netrc or in the keyring as mezan:{host}",
        )
    return Credentials()


def _from_netrc(host: str, environment: Mapping[str, str]) -> Credentials | None:
    path = Path(environment.get("NETRC") or Path.home() / ".netrc")
    if not path.is_file():
        return None
    try:
        found = netrc.netrc(str(path)).authenticators(host)
    except (netrc.NetrcParseError, OSError) as error:
        # The parser's message may quote a word of the file; its line is enough.
        line = getattr(error, "lineno", None)
        raise RemoteError(
            "the netrc file cannot be read", place=path, line=line, hint="see netrc(5)"
        ) from None
    if found is None:
        return None
    login, _, password = found
    return Credentials(login, password or "")


def _from_keyring(host: str, user: str | None) -> Credentials | None:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        found = keyring.get_credential(f"mezan:{host}", user)
    except keyring.errors.KeyringError:
        return None
    return None if found is None else Credentials(found.username, found.password)


def checked_url(url: str, *, insecure_http: bool, prefix: str = PUSH) -> str:
    """Return ``url`` if requests may go there.

    Args:
        url: The address that the user gave.
        insecure_http: Whether plain HTTP to a host that is not this machine is allowed.
        prefix: What the environment variables with credentials start with.

    Raises:
        UsageError: It is not an http(s) URL, holds credentials, or is plain HTTP.
    """
    parts = split_url(
        url, "store", partial(UsageError, hint="write it like https://example.org/store")
    )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "credentials do not belong into a URL: other programs see it",
            place=without_secrets(url),
            hint=f"set {prefix}_USER and {prefix}_PASSWORD, or {prefix}_TOKEN, or use ~/.netrc",
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not insecure_http:
        raise UsageError(
            "plain HTTP shows the data and the password to everyone on the way",
            place=without_secrets(url),
            hint="use https, or allow it with --insecure-http",
        )
    return url


def split_url(url: str, owner: str, error: Callable[[str], MezanError]) -> SplitResult:
    """Return the parts of ``url``.

    Args:
        url: What the user gave as an http(s) URL.
        owner: Whose URL it is, for people.
        error: Makes the error that is raised where it is none.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise error(f"the URL of the {owner} is malformed") from None
    if not usable or any(character.isspace() for character in url):
        raise error(f"the {owner} has no http(s) URL")
    return parts


def without_secrets(url: str) -> str:
    """Return ``url`` without user, password, query and fragment, any of which may hold a secret."""
    parts: SplitResult = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))
