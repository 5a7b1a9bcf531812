"""The ids of jobs: they look random, and follow from the server's seed.

Each source of identifiers is a stream of its own: the n-th identifier of a stream depends on the seed, the stream's
name and n, and on nothing else, so using one stream more never shifts another.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

__all__ = ["identifier", "is_identifier"]

_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def identifier(seed: int, stream: str, number: int) -> str:
    """Return the ``number``-th identifier of a stream, in the form of a random UUID (version 4)."""
    hashed = _begun(seed, stream).copy()
    hashed.update(b"%d" % number)
    digits: str = hashed.hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{_VARIANTS[digits[16]]}{digits[17:20]}-{digits[20:]}"


@lru_cache(maxsize=16)
def _begun(seed: int, stream: str) -> Any:
    """Return the hash of what all identifiers of a stream begin with."""
    from hashlib import blake2b

    return blake2b(f"{seed}/{stream}/".encode(), digest_size=16)


def is_identifier(text: str) -> bool:
    """Tell whether ``text`` has the form of a random UUID (version 4), hyphens anywhere or nowhere."""
    digits = text.replace("-", "")
    if len(digits) != 32 or any(digit not in "0123456789abcdef" for digit in digits):
        return False
    return digits[12] == "4" and digits[16] in "89ab"
