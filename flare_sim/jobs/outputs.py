"""What a run writes as time passes, as a behavior says it: rounds, metrics, files and log lines, at their times.

All of it is plain data, so that a job's meta can say it, and a file can hold it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.jobs.result_files import clashing, result_content, result_path
from flare_sim.untrusted_values import plain_items, plain_label, plain_list, plain_number, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Values = tuple[tuple[str, tuple[float, ...]], ...]

__all__ = [
    "ANY_SITE",
    "FEDAVG",
    "MOST_ROUNDS",
    "log_line",
    "log_lines",
    "metric_values",
    "metrics",
    "metrics_as_given",
    "of_round",
    "path_of_round",
    "round_count",
    "round_files",
    "timed_files",
]

MOST_ROUNDS = 10_000
"""No run has more."""
MOST_LETTERS_OF_LINE = 10_000
"""No line of a log is longer."""
LARGEST = 1e300
"""No metric is further from 0."""
FEDAVG = "fedavg"
"""Metrics are made up, as federated averaging would have them."""
ANY_SITE = "*"
"""Stands for every site that nothing is said of."""


def round_count(value: Any) -> int | None:
    """Return how many rounds there are.

    Raises:
        ValueError: no whole number from 1 to ``MOST_ROUNDS``.
    """
    number = plain_number(value)
    if value is not None and (type(number) is not int or not 1 <= number <= MOST_ROUNDS):
        raise ValueError(f"rounds must be a whole number from 1 to {MOST_ROUNDS}, not {shown(value)}")
    return number  # type: ignore[return-value]


def metrics(value: Any) -> str | tuple[tuple[str, Values], ...] | None:
    """Return the metrics of the rounds: ``FEDAVG``, or (site, ((name, a value for each round), ...)) for each site.

    Raises:
        ValueError: neither that word nor lists of numbers by name by site.
    """
    if value is None:
        return None
    if plain_text(value) == FEDAVG:
        return FEDAVG
    sites = plain_items(value)
    if sites is None:
        raise ValueError(f"metrics must be {FEDAVG!r} or an object of sites, not {shown(value)}")
    given: dict[str, Values] = {}
    for key, by_name in sites:
        site, names = plain_label(key), plain_items(by_name)
        if site is None or names is None:
            raise ValueError(f"metrics must be lists by name for each site, not {shown(by_name)} for {shown(key)}")
        given[site] = tuple((_metric_name(name), _numbers(name, values)) for name, values in names)
    return tuple(given.items())


def metrics_as_given(value: Any) -> Any:
    """Return checked metrics in the form in which they are said."""
    return {site: {name: list(numbers) for name, numbers in by_name} for site, by_name in value}


def metric_values(value: Any) -> tuple[tuple[str, float], ...]:
    """Return the metrics of one site in one round.

    Raises:
        ValueError: no numbers by name.
    """
    given = plain_items(value)
    if given is None:
        raise ValueError(f"metrics must be numbers by name, not {shown(value)}")
    return tuple({_metric_name(name): _number(name, number) for name, number in given}.items())


def round_files(value: Any) -> tuple[tuple[str, bytes], ...] | None:
    """Return the files that are written when a round is over, path -> content, ``{round}`` and ``{site}`` as they are.

    Raises:
        ValueError: no object, a path that no run may write to, or one that is at the same time a folder of another.
    """
    if value is None:
        return None
    given = plain_items(value)
    if given is None:
        raise ValueError(f"round_files must be an object of path to text, not {shown(value)}")
    files = {_file("round_files", path, content)[0]: result_content(content) for path, content in given}
    clash = clashing(files)
    if clash:
        raise ValueError(f"round_files: {shown(clash)} is both a file and a folder")
    return tuple(files.items())


def timed_files(value: Any, seconds: Callable[[str, Any], float | None]) -> tuple[tuple[float, str, bytes], ...] | None:
    """Return files with the times at which they are written.

    Args:
        value: a list of (seconds since the run began, path, content).
        seconds: reads a time, of what the first argument says.

    Raises:
        ValueError: no such list, or something in it is none of these.
    """
    if value is None:
        return None
    triples = _parts("timed_files", value, 3, "[seconds, path, text]")
    return tuple((_time("timed_files", at, seconds), *_file("timed_files", *file)) for at, *file in triples)


def log_lines(value: Any, seconds: Callable[[str, Any], float | None]) -> tuple[tuple[float, str], ...] | None:
    """Return the lines of a log with the times at which they are written; see ``timed_files``.

    Raises:
        ValueError: no list of (seconds since the run began, text), or something in it is neither.
    """
    if value is None:
        return None
    pairs = _parts("log_lines", value, 2, "[seconds, text]")
    return tuple((_time("log_lines", at, seconds), log_line(line)) for at, line in pairs)


def log_line(value: Any) -> str:
    """Return a line of a log.

    Raises:
        ValueError: no text, more than one line, or one that is too long.
    """
    text = plain_text(value)
    if text is None or len(text.splitlines()) > 1 or text[-1:].splitlines() == [""]:
        raise ValueError(f"a line of a log is one line of text, not {shown(value)}")
    if len(text) > MOST_LETTERS_OF_LINE:
        raise ValueError(f"a line of a log has at most {MOST_LETTERS_OF_LINE} letters, not {len(text)}")
    return text


def path_of_round(path: str, number: int, site: str) -> str | None:
    """Return where a round's file lies, None when nothing can lie there (as the site's name is none of a file)."""
    try:
        return result_path(path.replace("{round}", str(number)).replace("{site}", site))
    except ValueError:
        return None


def of_round(content: bytes, number: int, site: str) -> bytes:
    """Return what a round's file holds."""
    name = site.encode("utf-8", "surrogatepass")
    return content.replace(b"{round}", b"%d" % number).replace(b"{site}", name)


def _file(field: str, path: Any, content: Any) -> tuple[str, bytes]:
    text = plain_text(path)
    try:
        result_path(path if text is None else text.replace("{round}", str(MOST_ROUNDS)))
    except ValueError as problem:
        raise ValueError(f"{field}: {problem}") from None
    return text or "", result_content(content)


def _parts(field: str, value: Any, count: int, wanted: str) -> Iterator[list[Any]]:
    listed = plain_list(value) if issubclass(type(value), (list, tuple)) else None
    if listed is None:
        raise ValueError(f"{field} must be a list of {wanted}, not {shown(value)}")
    for item in listed:
        parts = plain_list(item) if issubclass(type(item), (list, tuple)) else None
        if parts is None or len(parts) != count:
            raise ValueError(f"{field} must be a list of {wanted}, not of {shown(item)}")
        yield parts


def _time(field: str, value: Any, seconds: Callable[[str, Any], float | None]) -> float:
    at = seconds(f"{field}: a time", value)
    if at is None:
        raise ValueError(f"{field}: a time must be a number of seconds, not None")
    return at


def _metric_name(value: Any) -> str:
    name = plain_label(value)
    if name is None:
        raise ValueError(f"metrics: {shown(value)} is no name of a metric")
    return name


def _number(name: Any, value: Any) -> float:
    number = plain_number(value)
    if number is None or not -LARGEST <= number <= LARGEST:
        raise ValueError(f"metrics: {shown(name)} must be a number, not {shown(value)}")
    return number


def _numbers(name: Any, values: Any) -> tuple[float, ...]:
    listed = plain_list(values) if issubclass(type(values), (list, tuple)) else None
    if listed is None:
        raise ValueError(f"metrics: {shown(name)} must be a list of numbers, one for each round, not {shown(values)}")
    return tuple(_number(name, value) for value in listed)
