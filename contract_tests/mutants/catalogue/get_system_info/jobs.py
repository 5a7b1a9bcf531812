"""Sessions whose system info is wrong about the jobs that are executed, changes jobs, or is wrong on some occasions."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, DELETE, INFO, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.families.marks import holds_jobs, marking
from contract_tests.mutants.families.occasions import OF_ANY_CALL, bound_to_threads, wrong_on
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import JobInfo, ServerInfo, SystemInfo


def _jobs(change: Callable[[list[JobInfo]], list[JobInfo]]) -> Change:
    return on(INFO, do.informs(jobs=lambda jobs, call: change(jobs)))


def _only(holds: Holds) -> Change:
    return on(INFO, do.informs(jobs=lambda jobs, call: [job for job in jobs if holds(call.about(job.job_id))]))


def _also(holds: Holds) -> Change:
    return on(
        INFO, do.informs(jobs=lambda jobs, call: jobs + [JobInfo(job_id, "app") for job_id in do.those(holds)(call)])
    )


def _apps(app: Callable[[JobInfo, Call], str]) -> Change:
    return on(
        INFO,
        do.informs(jobs=lambda jobs, call: [JobInfo(job.job_id, app(job, call.about(job.job_id))) for job in jobs]),
    )


def _seen(jobs: list[JobInfo], call: Call) -> dict[str, tuple[float, JobInfo]]:
    """Every job that was told of until now, with when it was last."""
    seen: dict[str, tuple[float, JobInfo]] = call.memory
    seen.update({job.job_id: (call.now, job) for job in jobs})
    return seen


def _lingering(seconds: float) -> Change:
    def lingering(jobs: list[JobInfo], call: Call) -> list[JobInfo]:
        return [job for at, job in _seen(jobs, call).values() if call.now - at < seconds]

    return on(INFO, do.informs(jobs=lingering))


def _with_failed(jobs: list[JobInfo], call: Call) -> list[JobInfo]:
    failed = do.those(when.failed)(call) if jobs else []
    seen = _seen(jobs, call)
    return jobs + [seen[job_id][1] for job_id in failed if job_id in seen]


def _with_monitored(jobs: list[JobInfo], call: Call) -> list[JobInfo]:
    watched: Any = call.outer and call.outer.job_id
    return jobs if watched in [job.job_id for job in jobs] else [*jobs, JobInfo(watched, "app")]


def _later_start(info: SystemInfo) -> SystemInfo:
    server = ServerInfo(info.server_info.status, info.server_info.start_time + 1)
    return SystemInfo(server, info.client_info, info.job_info)


def _without_client(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info[:-1], info.job_info)


def _without_job(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info, info.job_info[:-1])


def _oldest_of_many(call: Call) -> Any:
    jobs = call.answer.job_info
    return jobs[0].job_id if len(jobs) > 3 else None


_FAULTS: Final[Faults] = {
    "system.jobs": {
        "never tells of a job": _jobs(lambda jobs: []),
        "tells only of the latest job that is executed": _jobs(lambda jobs: jobs[-1:]),
        "tells of three jobs at most": _jobs(lambda jobs: jobs[:3]),
        "tells of a job once per client": _jobs(lambda jobs: jobs + jobs),
        "tells only of the user's own jobs": _only(when.mine),
        "shortens ids to eight characters": _jobs(lambda jobs: [JobInfo(job.job_id[:8], job.app_name) for job in jobs]),
        "does not tell of clones": _only(~when.clone),
    },
    "system.only-running-jobs": {
        "tells of every job of the user, whatever its state": _also(when.mine & ~when.running),
        "tells of jobs that wait for want of clients": _also(when.mine & when.waiting),
        "goes on telling of a job it has once told of": _lingering(inf),
        "tells of jobs that failed on the server": _also(when.mine & when.failed),
        "tells a job for 1 s after it was last seen to run": _lingering(1.0),
        "tells a job for 2 s after it was last seen to run": _lingering(2.0),
        "goes on naming a job that failed until no other one is executed any more": on(
            INFO, do.informs(jobs=_with_failed)
        ),
        "names a job that it monitors among those that are executed, whatever that does": on(
            INFO, do.informs(jobs=_with_monitored), when.in_callback
        ),
    },
    "system.app-name": {
        "names the job's name as its app": _apps(lambda job, call: call.meta["name"]),
        "calls every app 'app'": _apps(lambda job, call: "app"),
        "names the app of the first job for all of them": _apps(lambda job, call: call.answer.job_info[0].app_name),
        "does not know the app of a clone": _apps(lambda job, call: "" if when.clone(call) else job.app_name),
    },
    "system.no-effect": {
        "aborts jobs that wait while it looks": on(INFO, do.then(do.does(ABORT, do.those(when.mine & when.waiting)))),
        "aborts what is executed on the tenth look": on(
            INFO, do.then(do.does(ABORT, do.those(when.mine & when.running))), when.nth(10)
        ),
        "removes failed jobs when it looks": on(INFO, do.then(do.does(DELETE, do.those(when.mine & when.failed)))),
        "stops the oldest of many jobs when it is asked what is executed": on(
            INFO, do.then(do.does(ABORT, _oldest_of_many))
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    holds_jobs("system.no-effect", INFO),
    marking("system.no-effect", INFO),
    wrong_on(OF_ANY_CALL, "system.parts", "returns system info as its text", INFO, str),
    wrong_on(OF_ANY_CALL, "system.start-time-stays", "tells a later start time", INFO, _later_start),
    wrong_on(OF_ANY_CALL, "system.clients", "leaves out a client", INFO, _without_client),
    wrong_on(OF_ANY_CALL, "system.jobs", "leaves out a job that is executed", INFO, _without_job),
    bound_to_threads("system.parts", INFO),
)
