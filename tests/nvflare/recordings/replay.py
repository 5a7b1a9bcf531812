"""Recorded observations, tried again on a simulated server: how each turns out, and how that differs.

Nothing is forgiven but what ``words.py`` takes for marks, and times within ``tolerance``.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.nvflare.recordings.scene import OPENING, Observation, Scene
from tests.nvflare.recordings.served import ServedStage
from tests.nvflare.recordings.simulated import SimulatedStage, arrivals, settings_of

if TYPE_CHECKING:
    from tests.nvflare.serving.served import Hosted

__all__ = ["INTERFACE", "Outcome", "differences", "names_of", "observations", "outcomes", "replay", "tolerance"]

INTERFACE = (
    "submit_job",
    "clone_job",
    "get_job_meta",
    "list_jobs",
    "download_job_result",
    "abort_job",
    "delete_job",
    "get_system_info",
    "monitor_job",
    "close",
)
"""The methods of the interface of 2.3."""


class Outcome(NamedTuple):
    """How an observation turned out here."""

    facts: dict[str, Any]
    """What was raised or returned, in words."""
    seconds: float | None
    """How long the call took on the server's clock; None where that says nothing."""
    arrived: bool
    """Whether a request arrived at the simulator during the call."""
    missed: str = ""
    """Why the situation could not be reached; then there was no call, and it counts as one that arrived."""


def names_of(release: str) -> list[str]:
    """The names of the recordings of a release."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.json") if _release(path.stem) == release)


@cache
def observations(name: str) -> tuple[Observation, ...]:
    """The observations of a recording; each has a number ``n``, and the ``load`` of the machine where it is known."""
    recording = json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
    return tuple({"load": recording.get("load", 1.0), **item} for item in recording["observations"])


@cache
def outcomes(name: str, number: int) -> Outcome:
    """How an observation of a recording turns out; each is tried once."""
    (observation,) = (item for item in observations(name) if item["n"] == number)
    return replay(observation, _release(name))


def replay(observation: Observation, release: str, host: Hosted | None = None) -> Outcome:
    """Take the steps on a fresh server like those of a release, and make the call.

    Args:
        observation: one of a recording.
        release: the whole number of the release.
        host: serves the server to NVFLARE's client in this process; without one both are in this process. What that
            client waits for by the machine's clock does not pass on the server's, so that nothing is said of it: to
            log in, and for a server that does not answer.
    """
    settings, steps = settings_of(observation.get("given", ()))
    here = Path.cwd()
    with TemporaryDirectory() as folder:
        made_with = release, Path(folder).resolve(), settings, observation.get("ran", {})
        if host is None:
            stage: SimulatedStage | ServedStage = SimulatedStage(*made_with)
        else:
            # Who waits for a server to come back opens many sessions, which NVFLARE closes in a hurry only to hang.
            comes_back = any(word in step for step in (*steps, observation["do"]) for word in ("restart", "shutdown"))
            stage = ServedStage(host, *made_with, login_speed=1.0 if comes_back else 20.0)
        try:
            scene = Scene(stage)
            try:
                for step in steps:
                    scene.take(step)
            except Exception as problem:  # noqa: BLE001  (whatever it is, the situation was not reached)
                return Outcome({}, 0.0, arrived=True, missed=repr(problem))
            begun = stage.time()
            with arrivals() as arrived:
                facts = scene.observe(observation)
            waits = host is not None and (observation["do"] in OPENING or any(map(_is_silence, steps)))
            return Outcome(facts, None if waits else stage.time() - begun, bool(arrived))
        finally:
            os.chdir(here)
            stage.close()


def differences(observation: Observation, outcome: Outcome) -> list[str]:
    """How it turned out otherwise than recorded, a line for each difference; none when it agrees."""
    if outcome.missed:
        return [f"not replayed: {outcome.missed}"]
    told = []
    for key in ("raised", "says", "returned", "value"):
        recorded, found = observation.get(key), outcome.facts.get(key)
        if recorded != found and (key != "value" or "value" in observation):
            told.append(f"{key}: recorded {recorded!r}, here {found!r}")
    seconds = observation["seconds"]
    if outcome.seconds is not None and abs(outcome.seconds - seconds) > tolerance(
        seconds, observation.get("load", 1.0)
    ):
        told.append(f"seconds: recorded {seconds:.3f}, here {outcome.seconds:.3f}")
    return told


def _is_silence(step: str) -> bool:
    return step.startswith(("kill", "freeze"))


def tolerance(seconds: float, load: float = 1.0) -> float:
    """By how many seconds the time of a call may differ from the one recorded.

    Args:
        seconds: the time recorded.
        load: how many processes wanted to run on each of the machine's cores when it was recorded.
    """
    return 0.3 + 0.1 * seconds + min(0.5, 0.1 * max(0.0, load - 1.0))


def _release(name: str) -> str:
    return name.partition("-")[0]
