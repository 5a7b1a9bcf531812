"""Work that is handed to engines."""

from __future__ import annotations


def square(number: int) -> int:
    """The square of a number."""
    return number * number


def square_but_three(number: int) -> int:
    """The same, save of 3."""
    if number == 3:
        raise ArithmeticError("three")
    return number * number
