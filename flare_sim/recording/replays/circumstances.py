"""What a recording tells of the system it was made on: clients, users, what jobs did, and when nobody got through.

It is what a simulated server is made with, and does, so that it answers as that system did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import LONGEST_SECONDS
from flare_sim.engine.clients.sites import client_list
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.jobs.result_files import clashing, result_path
from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.recording.job_copies import name_in
from flare_sim.recording.plain_values import TYPE
from flare_sim.recording.recording import poll_interval
from flare_sim.recording.replays.words import seconds_in
from flare_sim.untrusted_values import plain_label
from flare_sim.users import DEFAULT_USERS, ROLES, User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flare_sim.recording.recording import Call, Recording

__all__ = ["Circumstances", "Fault", "circumstances"]


class Fault(NamedTuple):
    """A fault that explains what calls raised."""

    at: float
    """When, seconds since the recording began."""
    verb: str
    """A method of ``server.faults``."""
    args: tuple[str, ...] = ()


class Circumstances(NamedTuple):
    """What is known of the system behind a recording."""

    clients: tuple[str, ...] | None
    """Their names; None when nothing told of them."""
    users: tuple[User, ...]
    personality: str | None
    """The release whose servers it was like, None when that is not known or it was a simulated one."""
    behaviors: dict[str, JobBehavior]
    """What jobs did, by their ids."""
    names: dict[str, str]
    """What jobs are called, by their ids."""
    faults: tuple[Fault, ...]
    made: tuple[str, ...]
    """The jobs that calls of the recording made, in their order."""
    ran: frozenset[str]
    """The jobs that were seen to run, or to have run."""


def circumstances(recording: Recording) -> Circumstances:
    """Return what a recording tells of the system it was made on."""
    seen = _Seen(recording)
    behaviors = {job_id: behavior for job_id in seen.sights if (behavior := _behavior(seen, job_id)) != JobBehavior()}
    return Circumstances(
        seen.clients,
        tuple(_users(recording, seen)),
        _personality(recording),
        {**_as_others(seen, behaviors), **behaviors},
        seen.names,
        tuple(_faults(recording)),
        tuple(seen.made),
        frozenset(job_id for job_id in seen.sights if _ran(seen.sights[job_id])),
    )


_OVER = "FINISHED:"
"""What the status of a job begins with that is over, and all that is known of it at times."""


class _Sight(NamedTuple):
    """A job as it was seen once."""

    at: float
    status: str
    duration: float | None


class _Seen:
    """What calls of a recording saw."""

    def __init__(self, recording: Recording) -> None:
        self._jobs = recording.jobs
        self.clients: tuple[str, ...] | None = None
        self.sights: dict[str, list[_Sight]] = {}
        self.names: dict[str, str] = {}
        self.made: dict[str, float] = {}
        """When jobs were made, by their ids."""
        self.stopped: dict[str, float] = {}
        """When somebody aborted or deleted a job, by its id."""
        self.files: dict[str, dict[str, str]] = {}
        """What runs left behind, by the ids of jobs: path -> nothing, as only the names are known."""
        self.submitters: dict[str, tuple[str, str]] = {}
        """Organisation and role of users, as metas of jobs tell them."""
        for call in recording.calls:
            self._look_at(call)
            for look in call.looks:
                self._look_in(look.meta, look.at)
        for sights in self.sights.values():
            sights.sort(key=lambda sight: sight.at)

    def _look_at(self, call: Call) -> None:
        result = call.outcome.returned
        if call.method in ("submit_job", "clone_job") and isinstance(result, str):
            self.made[result] = call.ended
            self._name(result, call)
        elif call.method in ("abort_job", "delete_job") and call.outcome.raised is None:
            self.stopped.setdefault(str(_job_of(call)), call.at)
        elif call.method == "get_system_info" and isinstance(result, dict):
            self.clients = self.clients or _clients(_texts(result.get("client_info"), "name"))
            self._look_at_runs(_texts(result.get("job_info"), "job_id"), call.ended)
        elif call.method == "download_job_result" and isinstance(result, dict):
            files = dict.fromkeys(_left_by_run(result.get("files")), "")
            self.files[str(_job_of(call))] = {} if clashing(files) else files
        elif call.method == "monitor_job":
            self._look_at_end(str(_job_of(call)), call, result.get("name") if isinstance(result, dict) else None)
        self._look_in(result, call.ended)

    def _look_at_runs(self, running: list[str], at: float) -> None:
        """Take which jobs run by now: those that did, and do no longer, are over."""
        over = [job for job, sights in self.sights.items() if job not in running and sights[-1].status == "RUNNING"]
        for job_id in running:
            self.sights.setdefault(job_id, []).append(_Sight(at, "RUNNING", None))
        for job_id in over:
            self.sights[job_id].append(_Sight(at, _OVER, None))

    def _name(self, job_id: str, call: Call) -> None:
        """Take the name of a job that was made: as its own meta, or the job that it is a clone of, tells it."""
        given = call.args[0] if call.args else next(iter(call.kwargs.values()), None)
        copy = self._jobs.get(str(given.get("job"))) if isinstance(given, dict) else None
        name = self.names.get(str(given)) if copy is None else name_in(copy)
        if name is not None:
            self.names[job_id] = name

    def _look_at_end(self, job_id: str, call: Call, ended: Any) -> None:
        """Take what the end of a ``monitor_job`` tells of which nobody was told the looks: when it was not over yet."""
        if call.looks:
            return
        last = call.ended - (0.0 if ended == "TIMEOUT" else poll_interval(call))
        if last > call.at:
            self.sights.setdefault(job_id, []).append(_Sight(last, "RUNNING", None))
        if ended == "JOB_FINISHED":
            self.sights.setdefault(job_id, []).append(_Sight(call.ended, _OVER, None))

    def _look_in(self, value: Any, at: float) -> None:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and TYPE not in item and isinstance(item.get("job_id"), str):
                self._take(item["job_id"], item, at)

    def _take(self, job_id: str, meta: dict[str, Any], at: float) -> None:
        if isinstance(name := meta.get("name", meta.get("job_name")), str):
            self.names[job_id] = name
        if isinstance(status := meta.get("status"), str):
            duration = meta.get("duration")
            length = seconds_in(duration) if isinstance(duration, str) else None
            self.sights.setdefault(job_id, []).append(_Sight(at, status, length))
        who, org, role = (plain_label(meta.get(f"submitter_{part}")) for part in ("name", "org", "role"))
        if who and org and role:
            self.submitters[who] = (org, role)


def _job_of(call: Call) -> Any:
    return call.args[0] if call.args else call.kwargs.get("job_id")


def _texts(items: Any, name: str) -> list[str]:
    """Return a part of each of several objects that has it as text."""
    found = [item.get(name) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [text for text in found if isinstance(text, str)]


def _clients(names: list[str]) -> tuple[str, ...] | None:
    """Return the names of clients, None when no clients can be called so."""
    try:
        return tuple(client.name for client in client_list(names))
    except ValueError:
        return None


_WORKSPACE = "workspace/"
_OF_SERVER = (
    *("fl_app.txt", "log.txt", "meta.json"),
    *("audit.log", "error_log.txt", "log.json", "log_fl.txt", "stats_pool_summary.json"),
)
"""Files of a run's workspace that servers write themselves, the last ones those of 2.9.0."""


def _left_by_run(files: Any) -> Iterator[str]:
    """Yield the files of a result that its run has left: neither the server's own, nor what was in the job."""
    paths = [path for path in files if ".__nvfl_" not in path] if isinstance(files, dict) else []
    in_apps = {path.split("/", 3)[-1] for path in paths if path.startswith("job/")}
    for path in paths:
        name = path.removeprefix(_WORKSPACE)
        of_app = name.startswith("app_server/") and name.partition("/")[2] in in_apps
        if name != path and name not in _OF_SERVER and not of_app and _is_result(name):
            yield name


def _is_result(path: str) -> bool:
    try:
        return result_path(path) == path
    except ValueError:
        return False


def _ran(sights: list[_Sight]) -> bool:
    """Tell whether a job was seen to run, or to have run."""
    never = ("SUBMITTED", "DISPATCHED", f"{_OVER}ABORTED", f"{_OVER}CAN_NOT_SCHEDULE")
    return any(sight.duration is not None or sight.status not in never for sight in sights)


def _users(recording: Recording, seen: _Seen) -> Iterator[User]:
    known = {user.name: user for user in DEFAULT_USERS}
    told = {name: User(name, org, role) for name, (org, role) in seen.submitters.items() if role in ROLES}
    known.update(told)
    for session in recording.sessions.values():
        if plain_label(session.user) and session.user:
            known.setdefault(session.user, User(session.user, role="super" if session.user == "admin" else "lead"))
    yield from known.values()


def _personality(recording: Recording) -> str | None:
    """Return that of the release of NVFLARE whose sessions were on a real server."""
    for session in recording.sessions.values():
        library, _, version = (session.library or "").partition(" ")
        name = f"nvflare-{'.'.join(version.split('.')[:2])}"
        if library == "nvflare" and not session.simulated and name in PERSONALITIES:
            return name
    return None


_OUTCOMES = ("EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN", "ABORTED")
"""Ends of jobs that are outcomes of their runs by the same names."""


def _behavior(seen: _Seen, job_id: str) -> JobBehavior:
    """Return what a job's run did, as far as that was seen."""
    sights, files = seen.sights[job_id], seen.files.get(job_id) or None
    final = [sight for sight in sights if sight.status.startswith(_OVER)]
    outcome = next((sight.status.removeprefix(_OVER) for sight in reversed(final) if sight.status != _OVER), "")
    if outcome == "ABANDONED" or (outcome == "ABORTED" and job_id in seen.stopped):
        return JobBehavior(run_seconds=LONGEST_SECONDS, result_files=files)
    seconds = next((sight.duration for sight in final if sight.duration is not None), None)
    if seconds is None:
        seconds = _between(sights, final, seen.made.get(job_id, sights[0].at))
    if seconds is not None:
        seconds = min(max(seconds, 0.0), LONGEST_SECONDS)
    return JobBehavior(run_seconds=seconds, outcome=outcome if outcome in _OUTCOMES else None, result_files=files)


def _as_others(seen: _Seen, behaviors: dict[str, JobBehavior]) -> dict[str, JobBehavior]:
    """Return what jobs did of which too little was seen: what the last one of the name did that was seen to end."""
    known = {
        seen.names[job_id]: behavior
        for job_id, behavior in behaviors.items()
        if job_id in seen.names and behavior.run_seconds != LONGEST_SECONDS and _ended(seen.sights[job_id])
    }
    return {job_id: known[seen.names[job_id]] for job_id in seen.made if seen.names.get(job_id) in known}


def _ended(sights: list[_Sight]) -> bool:
    return any(sight.status.startswith(_OVER) for sight in sights)


def _between(sights: list[_Sight], final: list[_Sight], made: float) -> float | None:
    """Return how long a run took of which nobody was told: it ended after its last sight, and before the next.

    One that nobody saw end has ended soon after that: so it is in nobody's way whom it was not in the way of.
    """
    running = [sight for sight in sights if sight.status == "RUNNING"]
    if not running:
        return None
    last = running[-1]
    began = min(running[0].at, made + _BEFORE_RUN) if last.duration is None else last.at - last.duration
    return (last.at + max(last.at, final[0].at)) / 2 - began if final else last.at - began + _SOON


_SOON = 1.0
_BEFORE_RUN = 1.15
"""So many seconds pass on a simulated server until a job runs that does not have to wait."""


def _faults(recording: Recording) -> Iterator[Fault]:
    """Yield the faults that explain what calls raised: a server that nobody got through to, and lost sessions."""
    away: Fault | None = None
    closed: set[int] = set()
    for call in sorted(recording.calls, key=lambda call: call.at):
        kind = call.outcome.raised[0] if call.outcome.raised else ""
        if call.method == "close":
            closed.add(call.session)
        elif kind == "NoConnection":
            away = away or Fault(_noticed(call), "partition")
        elif kind == "SessionClosed" and call.session not in closed:
            closed.add(call.session)
            user = recording.sessions[call.session].user
            if away is not None:
                yield from (away._replace(verb="crash"), Fault(call.at, "restart"))
                away = None
                closed.update(number for number, other in recording.sessions.items() if other.at <= call.at)
            else:
                yield Fault(call.at, "lose_sessions", () if user is None else (user,))
        elif away is not None and kind != "SessionClosed":
            yield from (away, Fault(call.at, "repair"))
            away = None
    if away is not None:
        yield away


def _noticed(call: Call) -> float:
    """Return when a server was gone: at the call, or between two looks of one that had been looking for long."""
    if call.method != "monitor_job" or not call.took:
        return call.at
    return max(call.looks[-1].at if call.looks else call.at, call.ended - poll_interval(call) / 2)
