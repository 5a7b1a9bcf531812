"""Compares how the simulator judges a job folder with how the installed release of NVFLARE does.

``python -m tests.nvflare.judged_jobs 10000`` draws so many folders (and others with a seed behind it) and says how many
were taken and how many refused, by the kind of problem, how many differ for a known reason, and every difference that
nothing explains.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from flare_sim.jobs.definition import examine
from flare_sim.nvflare import installed_release
from flare_sim.personality.release_rules import RELEASE_RULES, with_quirks
from tests.flare_sim.drawn_jobs import APP, DrawnJob, drawn_jobs, write_drawn
from tests.nvflare.real_judge import ADDED, RealVerdict, real_verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.jobs.definition import Examination

__all__ = ["KNOWN", "Compared", "Known", "compare", "compare_drawn"]


UNEXPLAINED = "unexplained"


class Compared(NamedTuple):
    """A job folder, judged twice."""

    real: RealVerdict
    ours: RealVerdict
    kind: str
    """What is wrong with it, as the simulator names it; empty when it takes the job."""
    differs: str
    """How the two differ; empty when they agree."""

    @property
    def known(self) -> Known | None:
        """The known difference that this is, if it is one."""
        return next((known for known in KNOWN if known.covers(self)), None)


class Known(NamedTuple):
    """A difference there is a reason for."""

    reason: str
    covers: Callable[[Compared], bool]
    job: DrawnJob
    """A job folder that shows it."""


def _job(**changes: Any) -> DrawnJob:
    meta = {"deploy_map": {"app": ["@ALL"]}, **changes}
    return DrawnJob("job", {**APP, "meta.json": json.dumps(meta).encode()}, ())


def _nested(depth: int) -> Any:
    return [_nested(depth - 1)] if depth else 1


KNOWN: tuple[Known, ...] = (
    Known(
        "custom_props.flare_sim is what the simulated run is told to do, and no server knows of it",
        lambda result: result.kind == "behavior" and result.real.status == "ok",
        _job(custom_props={"flare_sim": {"outcome": "FINE"}}),
    ),
    Known(
        "a meta that is nested deeper than the simulator keeps it",
        lambda result: result.kind == "meta-too-deep",
        _job(note=_nested(80)),
    ),
    Known(
        "a link out of the job folder: NVFLARE's client sends whatever it leads to, and a simulator that did would "
        "read any file of the machine into a job, so it takes a quirk to do it (links-followed)",
        lambda result: result.kind == "link-outside" and result.real.status == "ok",
        _job()._replace(links=(("app/link.txt", __file__),)),
    ),
)
"""Every difference that is known."""


def compare(folder: Path, *quirks: str) -> Compared:
    """Judge a job folder twice: by the installed release, and by the rules for it, with quirks if there are any."""
    real = real_verdict(folder)
    examination = examine(str(folder), with_quirks(RELEASE_RULES[installed_release().name], frozenset(quirks)))
    refusal = examination.refusal
    answers = _answers(examination)
    ours = next((answer for answer in answers if _same_text(answer, real)), answers[0])
    return Compared(real, ours, "" if refusal is None else refusal.kind, _difference(real, ours))


def compare_drawn(job: DrawnJob, *quirks: str) -> Compared:
    """Judge a drawn job twice."""
    with tempfile.TemporaryDirectory() as parent:
        return compare(write_drawn(job, Path(parent)), *quirks)


def _answers(examination: Examination) -> list[RealVerdict]:
    """What a simulated server may answer: what it does, and what it would if a set had another order."""
    refusal = examination.refusal
    if refusal is None:
        assert examination.definition is not None
        definition = examination.definition
        return [RealVerdict("ok", "", {**definition.meta, "job_folder_name": definition.stated_folder})]
    alike = [problem for problem in examination.problems if problem.kind == refusal.kind == "resources-twice"]
    return [
        RealVerdict("client", problem.message) if problem.reply is None else RealVerdict(*problem.reply)
        for problem in alike or [refusal]
    ]


def _same_text(ours: RealVerdict, real: RealVerdict) -> bool:
    if ours.status != real.status:
        return False
    if ours.status == "client":  # says it in its own words, and NVFLARE's session in NVFLARE's
        return True
    # The order of a set is another each time.
    in_a_set = real.text.split("{")[0].endswith(("Unknown keys ", "Mandatory clients "))
    return sorted(ours.text) == sorted(real.text) if in_a_set else ours.text == real.text


def _difference(real: RealVerdict, ours: RealVerdict) -> str:
    if ours.status != real.status:
        return f"{real.status} {real.text!r}, here {ours.status} {ours.text!r}"
    if not _same_text(ours, real):
        return f"{real.text!r}, here {ours.text!r}"
    theirs, meta = _own(real), _own(ours)
    return "" if repr(theirs) == repr(meta) else f"the meta {theirs}, here {meta}"


def _own(verdict: RealVerdict) -> dict[str, Any]:
    """The keys of a meta that its job brought, and its id when the job brought one."""
    meta = verdict.meta or {}
    return {key: meta[key] for key in sorted(meta) if key not in ADDED and key != "job_id"}


def main(number: int, first: int = 0) -> int:
    """Compare so many jobs, drawn from a seed, and say how it went; returns how many differ unexplained."""
    counted: Counter[str] = Counter()
    known: Counter[str] = Counter()
    unexplained: dict[str, tuple[str, DrawnJob]] = {}

    @seed(first)
    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn_jobs())
    def judge(job: DrawnJob) -> None:
        result = compare_drawn(job)
        counted[f"{result.real.status:16} {result.kind or 'taken'}"] += 1
        if result.differs and (reason := result.known):
            known[reason.reason] += 1
        elif result.differs:
            unexplained.setdefault(f"{result.kind}: {result.differs[:60]}", (result.differs, job))
            counted[UNEXPLAINED] += 1

    judge()
    taken = sum(count for line, count in counted.items() if line.endswith("taken"))
    lines = [f"{count:7} {line}" for line, count in sorted(counted.items()) if line != UNEXPLAINED]
    lines += [f"{count:7} differ: {line}" for line, count in known.items()]
    lines += [f"{differs[:1000]}\n  {repr(job)[:1000]}" for differs, job in unexplained.values()]
    drawn, left = sum(counted.values()) - counted[UNEXPLAINED], counted[UNEXPLAINED]
    lines.append(f"{drawn} drawn for {installed_release().name}: {taken} taken, {left} unexplained")
    sys.stdout.write("\n".join(lines) + "\n")
    return counted[UNEXPLAINED]


if __name__ == "__main__":
    sys.exit(min(main(*map(int, sys.argv[1:3])), 1))
