"""File names for IRIs: injective, inside the output folder, and safe on every file system.

A slug of ``a-z``, ``0-9`` and hyphens is its own name. Anything else (``../``, ``CON``, 300
characters, twins in letter case or Unicode form) becomes ``~``, what is readable of it, and a
digest; no slug contains ``~``, so the two kinds never meet.
"""

from __future__ import annotations

import hashlib
import re

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LONGEST_SLUG = 100
_READABLE = 40
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "index"]
    + [f"{device}{number}" for device in ("com", "lpt") for number in range(10)]
)


def file_stem(local: str) -> str:
    """Return the file name, without a suffix, for the local part of an IRI."""
    if _SLUG.match(local) and len(local) <= _LONGEST_SLUG and local not in _RESERVED:
        return local
    readable = re.sub(r"[^a-z0-9]+", "-", local.lower())[:_READABLE].strip("-")
    digest = hashlib.sha256(local.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"~{readable}-{digest}" if readable else f"~{digest}"
