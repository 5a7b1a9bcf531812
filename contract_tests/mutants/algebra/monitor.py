"""A monitor in small steps, as plain as the contract allows: poll, callback, end of the job, timeout, sleep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from contract_tests.mutants.algebra.call import Call
from flare_sim.spec import MonitorReturnCode

DONE: Final = MonitorReturnCode.JOB_FINISHED
TIMEOUT: Final = MonitorReturnCode.TIMEOUT
ENDED: Final = MonitorReturnCode.ENDED_BY_CB

STEPS: Final = ("poll", "call", "ends", "finished", "timed_out", "sleep")
"""What can be altered in a monitor: a ``poll`` of ``job_id`` gives a meta; a ``call`` of ``cb``, given ``session``,
``job_id``, ``meta``, ``args`` and ``kwargs``, gives the callback's answer; ``ends`` (given ``answer``), ``finished``
(given ``meta``) and ``timed_out`` (given ``timeout`` and ``elapsed``) say whether the monitor ends; ``sleep`` takes
``seconds``. All are about the monitor's job.
"""

POLL, CALLBACK, ENDS, FINISHED, TIMED_OUT, SLEEP = STEPS


class Monitor:
    """A monitor under way.

    Attributes:
        job_id, timeout, poll_interval, cb, cb_args, cb_kwargs: what it was given.
        explicit: the names of the arguments that its caller gave.
        began: when, in seconds on the system's clock.
        polls: how many there have been, with the one under way.
        polled: when the last of them was, or is, in seconds on the system's clock.
        metas: what they read, as far as they were well.
        answers: what the callback answered.
        own: what it keeps for itself.
    """

    def __init__(self, session: Any, call: Call, given: Mapping[str, Any]) -> None:
        self.session = session
        self.call = call
        self.job_id = given["job_id"]
        self.timeout, self.poll_interval = given["timeout"], given["poll_interval"]
        self.cb, self.cb_args, self.cb_kwargs = given["cb"], given["cb_args"], given["cb_kwargs"]
        self.explicit = call.explicit
        self.began = call.now
        self.polls, self.polled = 0, self.began
        self.metas: list[dict[str, Any]] = []
        self.answers: list[Any] = []
        self.own: dict[Any, Any] = {}

    @property
    def meta(self) -> dict[str, Any]:
        """What was read last."""
        return self.metas[-1]

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return self.call.now - self.began

    def run(self) -> MonitorReturnCode:
        """Until the job is done, the callback says no or the time is up."""
        while True:
            self.polls, self.polled = self.polls + 1, self.call.now
            meta = self._step("poll", job_id=self.job_id)
            self.metas.append(meta)
            if self.cb is not None:
                # The callback gets a copy: what it does to it is its own affair.
                about = {"session": self.session, "job_id": self.job_id, "meta": dict(meta)}
                answer = self._step("call", cb=self.cb, **about, args=self.cb_args, kwargs=self.cb_kwargs)
                self.answers.append(answer)
                if self._step("ends", answer=answer):
                    return ENDED
            if self._step("finished", meta=meta):
                return DONE
            if self._step("timed_out", timeout=self.timeout, elapsed=self.elapsed):
                return TIMEOUT
            self._step("sleep", seconds=self.poll_interval)

    def _step(self, point: str, **given: Any) -> Any:
        about = {"job_id": self.job_id, **given}
        step = Call(point, about, self.call.system, self.session, outer=self.call, monitor=self, place=self.call.place)
        return step.run(self.session.change.at(point), getattr(self, f"_{point}"))

    def _poll(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return self.session.inner.get_job_meta(given["job_id"])  # type: ignore[no-any-return]

    def _call(self, given: Mapping[str, Any]) -> Any:
        return given["cb"](given["session"], given["job_id"], given["meta"], *given["args"], **given["kwargs"])

    def _ends(self, given: Mapping[str, Any]) -> bool:
        return not given["answer"]

    def _finished(self, given: Mapping[str, Any]) -> bool:
        status = given["meta"].get("status")
        return isinstance(status, str) and status.startswith("FINISHED")

    def _timed_out(self, given: Mapping[str, Any]) -> bool:
        return bool(0 < given["timeout"] <= given["elapsed"])

    def _sleep(self, given: Mapping[str, Any]) -> None:
        self.call.system.server.clock.sleep(given["seconds"])


def usable(given: Mapping[str, Any]) -> bool:
    """Whether a monitor can run with these arguments; with others the wrapped session says what is wrong."""
    timeout, interval, cb = given["timeout"], given["poll_interval"], given["cb"]
    numbers = isinstance(timeout, (int, float)) and isinstance(interval, (int, float))
    return numbers and timeout >= 0 and 0 < interval < 1e9 and (cb is None or callable(cb))
