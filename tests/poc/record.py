"""Records what a live system does: ``python -m tests.poc.record RELEASE SCENARIOS... [--out FILE]``.

A file of scenarios is text. Each scenario begins with a line ``scenario NAME``, which may end with ``(2.9)`` for one
release alone; the lines below it are steps (``tests/nvflare/recordings/scene.py`` has the vocabulary), and
``? METHOD ARGUMENT... [-> TAKE]`` is a call that is observed, of which ``TAKE`` says what is recorded instead of the
whole value. ``#`` begins a comment. Every scenario has a system without jobs and sessions of its own.

What is written is a recording as those in ``tests/nvflare/recordings``: every call with the steps that lead to it, how
it turned out, and how many seconds it took; and how busy the machine was, for that adds to these. Put there, under the
name of the release and a word, ``2.9.0-held-out.json``, it is replayed as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from tests.nvflare.recordings.folders import FOLDERS
from tests.nvflare.recordings.scene import Observation, Scene, call_in
from tests.poc.launcher import CannotStart, Poc
from tests.poc.releases import RELEASES
from tests.poc.stage import LiveStage

SECONDS = 3600.0
"""A live system that records is stopped after so long, whatever has become of the recorder."""


class Scenario(NamedTuple):
    """What is done one after the other on a system without jobs."""

    name: str
    lines: tuple[str, ...]


def scenarios_in(text: str, number: str) -> list[Scenario]:
    """The scenarios of a file that are for a release.

    Raises:
        ValueError: a line stands in no scenario.
    """
    found: list[tuple[str, str, list[str]]] = []
    for line in text.splitlines():
        told = line.partition("#")[0].strip()
        if match := re.fullmatch(r"scenario (.+?)(?: \((\d+\.\d+)\))?", told):
            found.append((match[1], match[2] or number, []))
        elif told and not found:
            raise ValueError(f"a file of scenarios begins with 'scenario NAME', not with {told!r}")
        elif told:
            found[-1][2].append(told)
    return [Scenario(name, tuple(lines)) for name, release, lines in found if release == number]


def record(scenario: Scenario, stage: LiveStage) -> list[Observation]:
    """Play a scenario and return what was observed.

    Raises:
        Exception: a step failed.
    """
    scene = Scene(stage)
    given: list[str] = []
    seen: list[Observation] = []
    ran: dict[str, float] = {}
    for line in scenario.lines:
        if not line.startswith("?"):
            scene.take(line)
            given.append(line)
            continue
        observation = asked(line)
        begun = time.monotonic()
        facts = scene.observe(observation)
        observation["seconds"] = round(time.monotonic() - begun, 3)
        seen.append({**observation, "given": list(given), **facts, "situation": scenario.name})
        ran.update(_ran(scene, stage))  # now, for jobs may be deleted next
        call = line.removeprefix("?").partition(" -> ")[0].strip()
        given.append(f"{'try' if 'raised' in facts else 'call'} {call}")
    return [{**observation, "ran": ran} if ran else observation for observation in seen]


def asked(line: str) -> Observation:
    """The call that a line asks for, as an observation without an outcome."""
    call, _, take = line.removeprefix("?").strip().partition(" -> ")
    name, args, kwargs = call_in(call)
    observation: Observation = {"do": name, "args": args}
    if kwargs:
        observation["kwargs"] = kwargs
    return {**observation, "take": take} if take else observation


def _ran(scene: Scene, stage: LiveStage) -> dict[str, float]:
    """How many seconds those jobs ran that ended by themselves, by their folder: that depends on the machine."""
    ran: dict[str, float] = {}
    for job in scene.jobs:
        try:
            meta = stage.meta(job)
        except Exception:  # noqa: BLE001  (it was deleted, or its server is gone)
            continue
        took = re.fullmatch(r"(\d+):(\d\d):(\d\d\.\d+)", str(meta.get("duration")))
        if took and meta["status"] in ("FINISHED:COMPLETED", "FINISHED:EXECUTION_EXCEPTION"):
            hours, minutes, seconds = map(float, took.groups())
            ran[meta["job_folder_name"]] = round(3600 * hours + 60 * minutes + seconds, 2)
    return {name: seconds for name, seconds in ran.items() if name in FOLDERS}


def record_all(scenarios: list[Scenario], number: str) -> dict[str, Any]:
    """Play scenarios on live systems, a new one whenever the last came to harm."""
    seen: list[Observation] = []
    loads = [0.0]
    poc: Poc | None = None
    try:
        for place, scenario in enumerate(scenarios):
            sys.stderr.write(f"{scenario.name}\n")
            loads.append(os.getloadavg()[0])
            poc = poc or Poc(number, seconds=SECONDS)
            stage = LiveStage(poc, version("nvflare"), place)
            try:
                seen += record(scenario, stage)
            except Exception as problem:  # noqa: BLE001  (the other scenarios are worth having)
                sys.stderr.write(f"  not recorded: {problem!r}\n")
                stage.harmed = True
            if not stage.clear():
                poc.stop()
                poc = None
    finally:
        if poc is not None:
            poc.stop()
    numbered = [{"n": number, **observation} for number, observation in enumerate(seen)]
    busy = max(loads) / (os.cpu_count() or 1)
    return {"release": version("nvflare"), "load": round(busy, 1), "observations": numbered}


def main(arguments: list[str]) -> int:
    """Record scenarios; returns the exit code."""
    parser = argparse.ArgumentParser("python -m tests.poc.record", description=__doc__.partition("\n")[0])
    parser.add_argument("release", choices=sorted(RELEASES), help="the release of NVFLARE that is installed here")
    parser.add_argument("scenarios", nargs="+", type=Path, help="files of scenarios")
    parser.add_argument("--out", type=Path, help="where the recording goes; standard output unless given")
    told = parser.parse_args(arguments)
    if version("nvflare").rpartition(".")[0] != told.release:
        parser.error(f"release {told.release} is not what is installed here, NVFLARE {version('nvflare')}")
    try:
        scenarios = [
            scenario
            for path in told.scenarios
            for scenario in scenarios_in(path.read_text(encoding="utf-8"), told.release)
        ]
    except (OSError, ValueError) as problem:
        parser.error(str(problem))
    try:
        recording = record_all(scenarios, told.release)
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 3
    lines = ",\n".join(json.dumps(observation) for observation in recording["observations"])
    head = json.dumps({name: value for name, value in recording.items() if name != "observations"})[1:-1]
    text = f'{{{head}, "observations": [\n{lines}\n]}}\n'
    if told.out is None:
        sys.stdout.write(text)
    else:
        told.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # a session that was not closed keeps the interpreter alive
