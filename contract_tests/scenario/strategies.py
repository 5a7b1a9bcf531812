"""Strategies: where the inputs of a check come from, turned into Hypothesis strategies when a run needs them.

Inputs are plain data that JSON can hold, so the inputs of a failure can be written down and tried again without
Hypothesis. Importing this module does not import it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


TURN: Final = "turn"
"""The input of any check that says on which turn (from 0) on one system it is played."""

LED: Final = "led by"
"""The input of any check that says which user (0 or 1) stands where the first one does otherwise."""

THREADED: Final = "in threads"
"""The input of any check that says that every call is made in another thread than the one before."""

SETTINGS: Final = frozenset((TURN, LED, THREADED))
"""The inputs that any check may have beside its own."""


class LazyStrategy:
    """The values an input of a check is drawn from; the Hypothesis strategy is made when it is first used.

    Attributes:
        listed: values among them that are written down one by one: a run that draws few has to see these all the same.
    """

    def __init__(self, strategy: Callable[[], SearchStrategy[Any]], listed: tuple[Any, ...] = ()) -> None:
        self.listed = listed
        self._make = strategy
        self._strategy: SearchStrategy[Any] | None = None

    def strategy(self) -> SearchStrategy[Any]:
        """The Hypothesis strategy, made on first use."""
        if self._strategy is None:
            self._strategy = self._make()
        return self._strategy


class Each:
    """Listed values, all of which are tried, every time."""

    def __init__(self, *values: Any) -> None:
        self.values = values


FLAGS: Final = Each({}, {"detailed": True}, {"all": True}, {"detailed": True, "all": True})
"""Every way to list jobs."""


def integers(least: int, most: int) -> LazyStrategy:
    """Whole numbers from ``least`` to ``most``."""

    def make() -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        return st.integers(least, most)

    return LazyStrategy(make)


def quarter_seconds(least: float, most: float) -> LazyStrategy:
    """Seconds from ``least`` to ``most``, in steps of a quarter."""

    def make() -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        return st.integers(round(least * 4), round(most * 4)).map(lambda number: number / 4)

    return LazyStrategy(make)


def sampled_from(*values: Any) -> LazyStrategy:
    """One of a few values."""

    def make() -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        return st.sampled_from(values)

    return LazyStrategy(make, values)


def lists(of: LazyStrategy, least: int, most: int) -> LazyStrategy:
    """Lists of ``least`` to ``most`` values of another strategy."""

    def make() -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        return st.lists(of.strategy(), min_size=least, max_size=most)

    return LazyStrategy(make, tuple([value] for value in of.listed) if least <= 1 else ())


def words(most: int = 12) -> LazyStrategy:
    """Plain words of up to ``most`` letters."""

    def make() -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        return st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=most)

    return LazyStrategy(make)


ODDITIES: Final[dict[str, Any]] = {
    "None": None,
    "zero": 0,
    "a number": 12345,
    "minus one": -1,
    "a fraction": 1.5,
    "not a number": float("nan"),
    "infinity": float("inf"),
    "a huge number": 10**400,
    "True": True,
    "False": False,
    "empty text": "",
    "a space": " ",
    "two words": "a b",
    "a quote": '"',
    "an apostrophe": "it's",
    "a path": "../no-file-of-this-name",
    "a dot": ".",
    "an option": "-d",
    "a line break": "a\nb",
    "a null": "a\0b",
    "a lone surrogate": "\ud800",
    "a percent sign": "%s%d{}",
    "long text": "x" * 10_000,
    "bytes": b"job",
    "a list": ["job"],
    "an empty list": [],
    "a dict": {"job_id": "job"},
    "a tuple": ("job", 1),
    "a set": frozenset({"job"}),
    "an object": object(),
    "a class": int,
    "a function": len,
    "an exception": ValueError("job"),
}
"""Things nobody should hand to a session, by name; the name is what a check's input holds."""

FAR_FETCHED: Final = (
    "not a number",
    "infinity",
    "a huge number",
    "a lone surrogate",
    "a set",
    "an object",
    "a class",
    "a function",
    "an exception",
)
"""The oddities that no reader of the interface would think of: what comes of them is no more than a SHOULD."""

GOOD_FAITH: Final = tuple(name for name in ODDITIES if name not in FAR_FETCHED)
"""The oddities that come of a slip, or from outside, and are handed over in good faith."""

MALFORMED_IDS: Final = (
    "None",
    "zero",
    "a number",
    "empty text",
    "a space",
    "two words",
    "a quote",
    "an apostrophe",
    "a path",
    "a dot",
    "long text",
    "a list",
)
"""The oddities that might be taken for a job id."""


def oddities() -> LazyStrategy:
    """A thing that may be handed to a session in good faith, and should not: an oddity by its name, or a JSON value."""
    listed = tuple({"odd": name} for name in GOOD_FAITH)

    def make() -> SearchStrategy[Any]:
        from hypothesis import strategies as st

        # A range, as Hypothesis would try out for its default which of all characters can be encoded: a second's work.
        letters = st.characters(max_codepoint=0xD7FF, exclude_categories=(), include_characters="\U0001f600\U0010ffff")
        scalars = (
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(letters, max_size=20)
        )
        keys = st.text(letters, max_size=5)
        anything = st.recursive(
            scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
        )
        return st.one_of(st.sampled_from(listed), anything.map(lambda value: {"value": value}))

    return LazyStrategy(make, listed)


def oddity(described: dict[str, Any]) -> Any:
    """The thing an input of `odd` stands for."""
    return ODDITIES[described["odd"]] if "odd" in described else described["value"]
