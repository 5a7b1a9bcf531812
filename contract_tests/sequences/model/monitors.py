"""Monitors: when a callback has to be called, with what, when the monitor has to end, and how, whatever went before."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.scenario.job_states import finished
from contract_tests.scenario.operations import Callback, CallRecord, Outcome
from contract_tests.sequences.model.jobs import Disagreement


@dataclass(frozen=True)
class Monitor:
    """A call of monitor_job: by which session, of which job, and how; times in contract seconds.

    Attributes:
        session: the session itself, as the callback has to get it.
        job: the id of the job.
        callback: what was called, if anything.
        timeout, poll: how long, and how often.
        args, kwargs: what the callback is to get besides.
        slack: by how much a measured time may be off.
    """

    session: Any
    job: str
    callback: Callback | None
    timeout: float = 0.0
    poll: float = 1.0
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] | None = None
    slack: float = 0.0

    def judge(self, outcome: Outcome) -> None:
        """What the callback was called with, and, if the monitor returned, when.

        Raises:
            Disagreement: not as the interface has it.
        """
        if self.callback is None:
            return
        calls = self.callback.calls
        for call in calls:
            self._given(call)
        if outcome.returned:
            _require(calls, "a call of the callback", "none")
            refused = [number for number, call in enumerate(calls, 1) if call.answer is False]
            after = f"a call after call {refused[0]}" if refused else ""
            _require(refused in ([], [len(calls)]), "no call of the callback once it returned False", after)
            if outcome.started is not None and outcome.ended is not None:
                self._in_time(calls, outcome, outcome.started, outcome.ended)

    def codes(self, *, done: bool) -> frozenset[str]:
        """The names of the codes that it may return, of a job that was known to be ``done`` before, or was not.

        JOB_FINISHED only of a job that is done, TIMEOUT only with a timeout of one that is not, ENDED_BY_CB only by
        False.
        """
        told = self.callback.told if self.callback else None
        done = finished(told) if told else done
        if self._refused:
            return frozenset({"ENDED_BY_CB", "JOB_FINISHED"} if done else {"ENDED_BY_CB"})
        codes = {"JOB_FINISHED"} if done or not told else set()
        return frozenset(codes | ({"TIMEOUT"} if self.timeout > 0 and not done else set()))

    @property
    def _refused(self) -> bool:
        """Whether the callback returned False."""
        return self.callback is not None and any(call.answer is False for call in self.callback.calls)

    def _given(self, call: CallRecord) -> None:
        _require(call.session is self.session, "the callback to get the session itself", "another")
        _require(call.job_id == self.job, "the callback to get the id of the job", repr(call.job_id))
        _require(call.args == self.args, f"the callback to get {self.args} besides", repr(call.args))
        kwargs = dict(self.kwargs or {})
        _require(call.kwargs == kwargs, f"the callback to get {kwargs} besides", repr(call.kwargs))

    def _in_time(self, told: list[CallRecord], outcome: Outcome, started: float, ended: float) -> None:
        calls = [(call.time or started, call.ended or call.time or started) for call in told]
        at_once, latest = self.poll / 2 + self.slack, self.poll + self.slack
        first, last = calls[0][0] - started, ended - calls[-1][1]
        _require(first < at_once, "the first call of the callback at once", f"after {first:g} s")
        for (call, over), (following, _) in itertools.pairwise(calls):
            last_look = self.timeout > 0 and following >= started + self.timeout - self.slack
            closer = following - call < self.poll - self.slack and not last_look
            _require(not closer, f"polls at least {self.poll:g} s apart", f"{following - call:g} s")
            _require(following - over <= latest, f"a poll {self.poll:g} s after a call", f"{following - over:g} s")
        _require(not self._refused or last < at_once, "an end at once after False", f"{last:g} s later")
        _require(last <= latest, f"an end, or a poll {self.poll:g} s after a call", f"{last:g} s later")
        if self.timeout:
            took, polled = ended - started, calls[-1][0] - started
            early = getattr(outcome.value, "name", None) == "TIMEOUT" and took < self.timeout - self.slack
            late = polled > self.timeout + self.poll + max(over - call for call, over in calls) + self.slack
            _require(not early, f"no TIMEOUT before {self.timeout:g} s", f"after {took:g} s")
            _require(not late, f"a TIMEOUT after {self.timeout:g} s", f"a poll after {polled:g} s")


def _require(condition: object, expected: str, observed: str) -> None:
    if not condition:
        raise Disagreement(expected, observed)
