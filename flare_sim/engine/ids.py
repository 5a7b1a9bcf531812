"""The ids of jobs: they look random, and follow from the server's seed.

Each source of identifiers is a stream of its own: the n-th identifier of a stream depends on the seed, the stream's
name and n, and on nothing else, so using one stream more never shifts another.
"""

from __future__ import annotations

__all__ = ["identifier", "is_identifier"]


def identifier(seed: int, stream: str, number: int) -> str:
    """Return the ``number``-th identifier of a stream, in the form of a random UUID (version 4)."""
    from hashlib import blake2b

    digits = blake2b(f"{seed}/{stream}/{number}".encode(), digest_size=16).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def is_identifier(text: str) -> bool:
    """Tell whether ``text`` has the form of a random UUID (version 4), hyphens anywhere or nowhere."""
    digits = text.replace("-", "")
    if len(digits) != 32 or any(digit not in "0123456789abcdef" for digit in digits):
        return False
    return digits[12] == "4" and digits[16] in "89ab"
