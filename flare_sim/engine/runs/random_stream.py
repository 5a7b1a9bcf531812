"""Random numbers that follow from names and from how many were drawn, the same in every process and every Python."""

from __future__ import annotations

from hashlib import blake2b
from struct import unpack
from typing import TYPE_CHECKING, Any, TypeVar

from flare_sim.untrusted_values import plain_number, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    Item = TypeVar("Item")

__all__ = ["RandomStream"]

_FINEST = 2.0**-53
_LARGEST = 1e300
_MIDDLE, _SPREAD = 12 * 65535 // 2, 65536
"""The mean of a sum of twelve whole numbers below 2**16, and its standard deviation."""


class RandomStream:
    """A stream of random numbers; its methods are called, and mean, what those of ``random.Random`` do.

    Args:
        names: two streams with the same names are the same.
    """

    __slots__ = ("_begun", "_drawn")

    def __init__(self, *names: str) -> None:
        told = b""
        for name in names:
            encoded = name.encode("utf-8", "surrogatepass")
            told += b"%d:%b" % (len(encoded), encoded)
        self._begun = blake2b(told, digest_size=24)
        self._drawn = 0

    def random(self) -> float:
        """Return a number from 0 to below 1."""
        return (self._next() >> 11) * _FINEST

    def uniform(self, low: float, high: float) -> float:
        """Return a number from ``low`` to ``high``.

        Raises:
            ValueError: one of them is no number.
        """
        least, most = _number("low", low), _number("high", high)
        return least + (most - least) * self.random()

    def gauss(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """Return a number around ``mean``, as a normal distribution has them as far as six times ``deviation``.

        Raises:
            ValueError: one of them is no number.
        """
        middle, width = _number("mean", mean), _number("deviation", deviation)
        # A sum of twelve even numbers is as good as a normal one, and no function of the machine's has a part in it.
        even: int = sum(unpack("<12H", self._digest()))
        return middle + width * ((even - _MIDDLE) / _SPREAD)

    def randint(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included.

        Raises:
            ValueError: there is none, one of them is none, or there are more than 2**64.
        """
        least, most = plain_number(low), plain_number(high)
        if type(least) is not int or type(most) is not int or not 0 <= most - least < 1 << 64:
            raise ValueError(f"there is no whole number from {shown(low)} to {shown(high)} to be drawn")
        return least + self._next() % (most - least + 1)

    def choice(self, items: Sequence[Item]) -> Item:
        """Return one of the items.

        Raises:
            ValueError: there is none, or they are not in a list, a tuple or a text.
        """
        if type(items) not in (list, tuple, str) or not items:
            raise ValueError(f"one of a list, a tuple or a text is chosen, not of {shown(items)}")
        return items[self._next() % len(items)]

    def _next(self) -> int:
        return int.from_bytes(self._digest()[:8], "big")

    def _digest(self) -> bytes:
        drawn = self._begun.copy()
        drawn.update(b"/%d" % self._drawn)
        self._drawn += 1
        return drawn.digest()

    def __repr__(self) -> str:
        return f"<RandomStream, {self._drawn} drawn>"


def _number(name: str, value: Any) -> float:
    number = plain_number(value)
    if number is None or not -_LARGEST <= number <= _LARGEST:
        raise ValueError(f"{name} must be a number, not {shown(value)}")
    return float(number)
