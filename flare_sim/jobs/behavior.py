"""What a simulated run does: how long each part takes, how it ends, what it leaves behind.

Every field may be left out.  What is left out is taken from the next source: the job's own meta
(``custom_props.flare_sim``), then the server's ``behavior``, then the observed defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import LONGEST_SECONDS
from flare_sim.jobs.lifecycle import JobEvent
from flare_sim.untrusted_values import plain_items, plain_list, plain_number, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flare_sim.jobs.outputs import Values

    Metrics = str | tuple[tuple[str, Values], ...] | None

__all__ = ["OUTCOMES", "JobBehavior"]

MOST_BYTES = 2**63
"""No pretended result is larger."""

OUTCOMES: Mapping[str, JobEvent | None] = {
    "COMPLETED": JobEvent.COMPLETED,
    "EXECUTION_EXCEPTION": JobEvent.RAISED,
    "ABNORMAL": JobEvent.DIED,
    "ABORTED": JobEvent.STOPPED,
    "FAILED_TO_RUN": JobEvent.START_FAILED,
    "CLIENT_EXCEPTION": None,
}
"""How a run may be told to end, and the event that makes it so; None when nothing does, and it runs on."""


class _Fields(NamedTuple):
    deploy_seconds: float | None
    start_seconds: float | None
    run_seconds: float | None
    outcome: str | None
    deploy_failures: tuple[str, ...] | None
    result_bytes: int | None
    result_files: tuple[tuple[str, bytes], ...] | None
    rounds: int | None
    every: float | None
    metrics: Metrics
    round_files: tuple[tuple[str, bytes], ...] | None
    timed_files: tuple[tuple[float, str, bytes], ...] | None
    log_lines: tuple[tuple[float, str], ...] | None


class JobBehavior(_Fields):
    """How one simulated run goes; None in any field leaves that to the next source.

    Args:
        deploy_seconds: how long deploying takes, seconds.
        start_seconds: how long the job stays DISPATCHED before it runs, seconds.
        run_seconds: how long it runs when nothing interferes, seconds.
        outcome: how it ends, a key of ``OUTCOMES``: ``"COMPLETED"``, ``"EXECUTION_EXCEPTION"``, ``"ABNORMAL"``,
            ``"ABORTED"``, ``"FAILED_TO_RUN"`` for a job that cannot be started, or ``"CLIENT_EXCEPTION"`` for one
            whose client's part raises, which does not end the run (2.3.12).
        deploy_failures: sites (or ``"server"``) where deploying fails.
        result_bytes: bytes the result pretends to have on top of its real files.
        result_files: files of the result's workspace, path to text or bytes: wherever a real run may write, such as
            ``app_server/FL_global_model.pt``. They are there from its beginning.
        rounds: how many rounds the run has, numbered from 0 as NVFLARE does: ``show_stats`` tells which is under way,
            and the trace and the run's log which are over.
        every: how long a round takes, seconds.  The run takes as long as its rounds, unless ``run_seconds`` says
            something else; without ``every`` they divide its time.  Where nobody says how many there are, there are as
            many as ``run_seconds`` has time for, or as ``metrics`` has numbers for, else 5.
        metrics: what the sites reach: ``"fedavg"`` makes up a loss and an accuracy for each site, which improve from
            round to round, with noise, and their mean, weighed by the sites' ``samples``, as federated averaging would
            have them; or lists by name by site with a number for each round, ``{"site-1": {"loss": [0.9, 0.4]}}``,
            where ``"*"`` has what goes for every other site, and ``"server"`` what else would be the mean.  They are
            in ``metrics/round_metrics.jsonl``, an object for each round, and when all rounds are over the last ones in
            ``metrics/metrics_summary.json``, as NVFLARE's MetricsArtifactWriter has them (2.9.0); made up ones also in
            ``cross_site_val/cross_val_results.json``, as its cross-site evaluation has them (2.3 to 2.9).
        round_files: files that are written when a round is over, path to text or bytes, such as a checkpoint:
            ``{round}`` in the path or in what is written stands for its number, and ``{site}`` in the path makes it
            a file for each client that is there then.
        timed_files: files that are written at their times: (seconds since the run began, path, text or bytes).
        log_lines: lines of the run's log at their times: (seconds since the run began, text).

    What is written as time passes stands still while the run is paused, a client that is away has no part in the rounds
    that end meanwhile, and what is there when a run ends early is what had been written by then.

    Raises:
        ValueError: a field's value makes no sense; the message names the field.
    """

    __slots__ = ()

    def __new__(
        cls,
        *,
        deploy_seconds: float | None = None,
        start_seconds: float | None = None,
        run_seconds: float | None = None,
        outcome: str | None = None,
        deploy_failures: tuple[str, ...] | list[str] | None = None,
        result_bytes: int | None = None,
        result_files: Mapping[str, str | bytes] | None = None,
        rounds: int | None = None,
        every: float | None = None,
        metrics: str | Mapping[str, Mapping[str, Sequence[float]]] | None = None,
        round_files: Mapping[str, str | bytes] | None = None,
        timed_files: Sequence[tuple[float, str, str | bytes]] | None = None,
        log_lines: Sequence[tuple[float, str]] | None = None,
    ) -> JobBehavior:
        """Check the fields; see the class."""
        return super().__new__(
            cls,
            _seconds("deploy_seconds", deploy_seconds),
            _seconds("start_seconds", start_seconds),
            _seconds("run_seconds", run_seconds),
            _outcome(outcome),
            _sites(deploy_failures),
            _bytes(result_bytes),
            _files(result_files),
            *_over_time(rounds, every, metrics, round_files, timed_files, log_lines),
        )

    @classmethod
    def from_mapping(cls, mapping: Any) -> JobBehavior:
        """Read a behavior written as JSON (a job's ``custom_props.flare_sim``).

        Raises:
            ValueError: not an object, an unknown key, or a value that makes no sense.
        """
        given = plain_items(mapping) if issubclass(type(mapping), dict) else None
        if given is None:
            raise ValueError(f"must be an object, not {shown(mapping)}")
        fields: dict[str, Any] = {}
        for key, value in given:
            name = plain_text(key)
            if name not in cls._fields:
                raise ValueError(f"has unknown key {shown(key)}; known: {', '.join(cls._fields)}")
            fields[name] = value
        return cls(**fields)

    def or_else(self, other: JobBehavior) -> JobBehavior:
        """Return this behavior with each field left out here taken from ``other``.

        Raises:
            ValueError: ``other`` is no behavior.
        """
        if type(other) is not JobBehavior:
            raise ValueError(f"a JobBehavior is needed, not {shown(other)}")
        fields = [theirs if mine is None else mine for mine, theirs in zip(self, other, strict=True)]
        return tuple.__new__(JobBehavior, fields)

    def __repr__(self) -> str:
        values = self._asdict()
        if type(self.metrics) is tuple:
            from flare_sim.jobs.outputs import metrics_as_given

            values["metrics"] = metrics_as_given(self.metrics)
        given = (f"{name}={_told(value)}" for name, value in values.items() if value is not None)
        return f"JobBehavior({', '.join(given)})"


def _told(value: Any) -> str:
    return shown(_listed(value))


def _listed(value: Any) -> Any:
    return list(map(_listed, value)) if type(value) is tuple else value


def _over_time(*said: Any) -> tuple[Any, ...]:
    """Check what a run does as time passes; what that takes is loaded only when something is said of it."""
    if all(value is None for value in said):
        return said
    from flare_sim.jobs import outputs

    rounds, every, metrics, round_files, timed_files, log_lines = said
    return (
        outputs.round_count(rounds),
        _seconds("every", every),
        outputs.metrics(metrics),
        outputs.round_files(round_files),
        outputs.timed_files(timed_files, _seconds),
        outputs.log_lines(log_lines, _seconds),
    )


def _seconds(field: str, value: Any) -> float | None:
    if value is None:
        return None
    number = plain_number(value)
    if number is None or not 0 <= number <= LONGEST_SECONDS:
        raise ValueError(f"{field} must be a number of seconds from 0 to {LONGEST_SECONDS:.0f}, not {shown(value)}")
    return float(number)


def _outcome(value: Any) -> str | None:
    if value is None:
        return None
    text = plain_text(value)
    if text is None or text not in OUTCOMES:
        raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}, not {shown(value)}")
    return text


def _sites(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    listed = plain_list(value) if issubclass(type(value), (list, tuple)) else None
    if listed is None:
        raise ValueError(f"deploy_failures must be a list of site names, not {shown(value)}")
    sites = []
    for item in listed:
        site = plain_text(item)
        if not site:
            raise ValueError(f"deploy_failures must hold site names, not {shown(item)}")
        sites.append(site)
    return tuple(sites)


def _bytes(value: Any) -> int | None:
    if value is None:
        return None
    number = plain_number(value)
    if type(number) is not int or not 0 <= number <= MOST_BYTES:
        raise ValueError(f"result_bytes must be a whole number of bytes from 0 to 2**63, not {shown(value)}")
    return number


def _files(value: Any) -> tuple[tuple[str, bytes], ...] | None:
    if value is None:
        return None
    from flare_sim.jobs.result_files import clashing, result_content, result_path

    given = plain_items(value)
    if given is None:
        raise ValueError(f"result_files must be an object of path to text, not {shown(value)}")
    files: dict[str, bytes] = {}
    for path, content in given:
        try:
            name = result_path(path)
        except ValueError as problem:
            raise ValueError(f"result_files: {problem}") from None
        files[name] = result_content(content)
    clash = clashing(files)
    if clash:
        raise ValueError(f"result_files: {shown(clash)} is both a file and a folder")
    return tuple(files.items())
