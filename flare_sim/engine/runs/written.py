"""What a run has written by now: worked out from its program and its history, of which every part is a beginning."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import to_ticks
from flare_sim.engine.runs.fedavg import WEIGHT, trained, weighted_mean
from flare_sim.jobs.outputs import ANY_SITE, FEDAVG, of_round, path_of_round
from flare_sim.jobs.result_files import folders_of, laid_over
from flare_sim.jobs.site_names import SERVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flare_sim.engine.history import History, Program
    from flare_sim.engine.job import Job

    Metrics = dict[str, dict[str, float]]

__all__ = ["files_written", "lines_written", "rounds_told"]

ROUND_METRICS, METRICS_SUMMARY = "metrics/round_metrics.jsonl", "metrics/metrics_summary.json"
"""Where metrics are, as NVFLARE's MetricsArtifactWriter writes them (2.9.0);"""
CROSS_SITE_METRICS, GLOBAL_MODEL = "cross_site_val/cross_val_results.json", "SRV_FL_global_model.pt"
"""and those of the global model on every site, as in its cross-site evaluation (2.3 to 2.9)."""


class _Write(NamedTuple):
    """A file that is written at a time of the run; one of a round has its number, and a site's or ``""``."""

    at: int
    path: str
    content: bytes
    number: int | None = None
    site: str = ""


def files_written(job: Job, now: int) -> dict[str, bytes]:
    """Return the files that a run has written by now, path -> content; what was written later has taken the place."""
    output = job.output
    if output.program is None or output.history is None:
        return dict(output.files)
    writes = [_Write(0, path, content) for path, content in output.files.items()]
    writes += _of_rounds(job, output.program, output.history)
    writes += _timed(output.program, output.history, now)
    writes.sort(key=lambda write: write.at)
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    for write in reversed(writes):  # what was written last is there, and what is in its way is not
        path: str | None = write.path
        if write.number is not None:
            path = path_of_round(write.path, write.number, write.site)
        if path is None or path in files or path in folders or not files.keys().isdisjoint(folders_of(path)):
            continue
        files[path] = write.content if write.number is None else of_round(write.content, write.number, write.site)
        folders.update(folders_of(path))
    return laid_over(_metrics_files(job, output.program, output.history), files)


def lines_written(job: Job, now: int) -> list[tuple[int, str]]:
    """Return the lines that a run has written into its log by now, each with the tick at which it did."""
    program, history = job.output.program, job.output.history
    if program is None or history is None or not history.spells:
        return []
    elapsed = history.elapsed(now, program.every)
    lines = [(to_ticks(at), line) for at, line in program.behavior.log_lines or ()]
    lines += history.notes.lines
    taking_part = len(job.sites)
    for number, away in enumerate(_away(history)):
        ended = f"round {number} ended: {taking_part - len(away)} of {taking_part} clients took part"
        lines.append(((number + 1) * program.every, ended))
    lines.sort(key=lambda line: line[0])
    return [(min(history.tick_of(at), now), line) for at, line in lines if at <= elapsed]


def rounds_told(job: Job) -> Iterator[tuple[Metrics, dict[str, float]]]:
    """Yield for each round that is over the metrics of the clients that had a part in it, and what they come to."""
    program, history = job.output.program, job.output.history
    if program is None or history is None:
        return
    sites, said = job.sites, program.behavior.metrics
    there = [[site for site in sites if site not in away] for away in _away(history)]
    reached: Iterator[Metrics] = trained(job.job_id, there) if said == FEDAVG else repeat({})
    by_site = dict(said) if isinstance(said, tuple) else {}
    noted: dict[int, list[tuple[str, Any]]] = {}
    for number, site, metrics in history.notes.metrics:
        noted.setdefault(number, []).append((site, metrics))
    for number, (names, made_up) in enumerate(zip(there, reached, strict=False)):
        told: Metrics = dict(made_up)
        for site in (*names, SERVER):
            lists = by_site.get(site, () if site == SERVER else by_site.get(ANY_SITE, ()))
            values = {name: numbers[number] for name, numbers in lists if number < len(numbers)}
            if values:
                told[site] = values
        for site, metrics in noted.get(number, ()):
            told[site] = {**told.get(site, {}), **dict(metrics)}
        own = told.pop(SERVER, {})
        yield told, {**weighted_mean(told), **own}


def _timed(program: Program, history: History, now: int) -> Iterator[_Write]:
    elapsed = history.elapsed(now, program.every)
    for at, path, content in program.behavior.timed_files or ():
        if to_ticks(at) <= elapsed:
            yield _Write(to_ticks(at), path, content)
    for ticks, path, content in history.notes.files:
        if ticks <= elapsed:
            yield _Write(ticks, path, content)


def _of_rounds(job: Job, program: Program, history: History) -> Iterator[_Write]:
    files, sites = program.behavior.round_files, job.sites
    if not files:
        return
    for number, away in enumerate(_away(history)):
        at = (number + 1) * program.every
        for path, content in files:
            if "{site}" in path:
                yield from (_Write(at, path, content, number, site) for site in sites if site not in away)
            else:
                yield _Write(at, path, content, number)


def _away(history: History) -> Iterator[frozenset[str]]:
    """Yield for each round that is over the clients that were not there."""
    changes = {number: frozenset(names) for number, names in history.away}
    away: frozenset[str] = frozenset()
    for number in range(history.rounds):
        away = changes.get(number, away)
        yield away


def _metrics_files(job: Job, program: Program, history: History) -> dict[str, bytes]:
    from json import dumps

    rounds = list(rounds_told(job))
    if not any(told or mean for told, mean in rounds):
        return {}
    lines = [
        {
            "round": number,
            "aggregated_metrics": _listed(mean),
            "sites": [_site(name, metrics) for name, metrics in told.items()],
            "skipped_metrics": [],
        }
        for number, (told, mean) in enumerate(rounds)
    ]
    files = {ROUND_METRICS: "".join([f"{dumps(line, separators=(',', ':'))}\n" for line in lines])}
    if history.rounds == program.rounds:
        told, mean = rounds[-1]
        summary = {
            "schema_version": "1",
            "status": "metrics_reported",
            "final_round": len(rounds) - 1,
            "final_aggregated_metrics": _listed(mean),
            "round_metrics_file": ROUND_METRICS.rpartition("/")[2],
            "job_name": job.definition.name,
        }
        files[METRICS_SUMMARY] = dumps(summary, indent=2)
        if program.behavior.metrics == FEDAVG:
            files[CROSS_SITE_METRICS] = dumps({site: {GLOBAL_MODEL: mean} for site in told})
    return {path: text.encode() for path, text in files.items()}


def _listed(metrics: dict[str, float]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in metrics.items()]


def _site(name: str, metrics: dict[str, float]) -> dict[str, Any]:
    own = {key: value for key, value in metrics.items() if key != WEIGHT}
    weight = metrics.get(WEIGHT, 0)
    weighed = {"weight": weight, "weight_key": "NUM_STEPS_CURRENT_ROUND"} if weight > 0 else {}
    return {"name": name, "metrics": _listed(own), **weighed}
