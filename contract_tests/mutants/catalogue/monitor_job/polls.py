"""Sessions whose monitor_job polls too often, or too seldom."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import MONITOR, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.monitor import CALLBACK, POLL, SLEEP, Monitor
from contract_tests.mutants.families.monitoring import at_polls, measures, number, polls_from, sleeping, took
from contract_tests.mutants.variant import Faults, mutants

_DEFAULT: Final = 2.0
_UNSET: Final = when.given("poll_interval", _DEFAULT)
_SET: Final = ~_UNSET & number("poll_interval", below=1e6)
_UNSET_BUT_TIMED: Final = _UNSET & number("timeout", below=1e6)


def _before_timeout(seconds: float, monitor: Monitor) -> float:
    left = monitor.timeout - 0.25 - monitor.elapsed
    return min(seconds, left) if left > 0 else seconds


def _notes_news(call: Call) -> Any:
    meta = call.go()
    call.own["news"] = call.own.get("status") not in (None, meta["status"])
    call.own["status"] = meta["status"]
    return meta


def _first_interval(call: Call) -> Any:
    return max(call["seconds"], call.own.setdefault("interval", call["seconds"]))


def _by_default(seconds: float, holds: Holds = when.always) -> Change:
    return on(MONITOR, do.passing(poll_interval=seconds), ~when.explicit("poll_interval") & holds)


def _last_interval(call: Call) -> Any:
    here = [each for each in call.earlier(MONITOR) if each.session is call.session]
    return next((each["poll_interval"] for each in reversed(here) if _SET(each)), _DEFAULT)


_FAULTS: Final[Faults] = {
    "monitor.poll-not-closer": {
        "polls twice as often as asked": sleeping(lambda seconds, monitor: seconds / 2),
        "never sleeps longer than ten seconds": sleeping(lambda seconds, monitor: min(seconds, 10.0)),
        "never sleeps longer than a minute": sleeping(lambda seconds, monitor: min(seconds, 60.0)),
        "cuts the interval to whole seconds": sleeping(lambda seconds, monitor: int(seconds) or 0.01),
        "makes another poll just before the timeout, sooner than asked": sleeping(_before_timeout, when.timed),
        "polls again at once after the status has changed": on(POLL, _notes_news)
        + sleeping(lambda seconds, monitor: 0.1, lambda call: call.own["news"]),
        "skips the eleventh sleep": on(SLEEP, do.skips, at_polls(11)),
        "makes up for the polls that a slow callback delayed": sleeping(
            lambda seconds, monitor: max(monitor.polls * seconds - monitor.elapsed, 0.001)
        ),
        "takes what the slowest call took off every pause": on(CALLBACK, measures)
        + sleeping(lambda seconds, monitor: max(seconds - max(took(monitor), default=0.0), 0.001)),
        "halves a whole interval": on(
            MONITOR,
            do.passing(poll_interval=lambda call: call["poll_interval"] / 2),
            number("poll_interval", of=(int,)),
        ),
    },
    "monitor.poll-not-further": {
        "sleeps longer with every poll": sleeping(lambda seconds, monitor: seconds * 1.1 ** (monitor.polls - 1)),
        "sleeps twice as long after twenty polls": sleeping(lambda seconds, monitor: 2 * seconds, polls_from(21)),
        "never polls more often than every second": sleeping(lambda seconds, monitor: max(seconds, 1.0)),
        "polls half as often while the job waits": sleeping(
            lambda seconds, monitor: 2 * seconds, when.read("SUBMITTED")
        ),
        "rounds the interval up to whole seconds": sleeping(lambda seconds, monitor: -(-seconds // 1)),
        "sleeps as long as the callback took on top of the interval": on(CALLBACK, measures)
        + sleeping(lambda seconds, monitor: seconds + sum(took(monitor)[-1:])),
        "keeps the interval of the session's first monitor": on(SLEEP, do.passing(seconds=_first_interval)),
        "adds what the slowest call took to every pause": on(CALLBACK, measures)
        + sleeping(lambda seconds, monitor: seconds + max(took(monitor), default=0.0)),
        "polls ten times less often after ten minutes": sleeping(
            lambda seconds, monitor: 10 * seconds if monitor.elapsed > 600 else seconds
        ),
        "polls ten times less often after an hour": sleeping(
            lambda seconds, monitor: 10 * seconds if monitor.elapsed > 3600 else seconds
        ),
        "doubles a whole interval": on(
            MONITOR,
            do.passing(poll_interval=lambda call: call["poll_interval"] * 2),
            number("poll_interval", of=(int,)),
        ),
    },
    "monitor.poll-default": {
        "polls every second by default": _by_default(1.0),
        "polls every 5 s by default": _by_default(5.0),
        "polls every 2.01 s by default": _by_default(2.01),
        "polls every 10 s by default when a timeout is given": _by_default(10.0, when.explicit("timeout")),
        "polls four times within a short timeout": on(
            MONITOR, do.passing(poll_interval=lambda call: min(_DEFAULT, call["timeout"] / 4)), _UNSET_BUT_TIMED
        ),
        "polls a hundred times in all for a long timeout": on(
            MONITOR, do.passing(poll_interval=lambda call: max(_DEFAULT, call["timeout"] / 100)), _UNSET_BUT_TIMED
        ),
        "takes the interval of the last monitor where none is given": on(
            MONITOR, do.passing(poll_interval=_last_interval), _UNSET
        ),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)
