"""Every public class, method and property of the simulator, with the exceptions it may raise, whatever it is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flare_sim
from flare_sim import (
    AuthenticationError,
    AuthorizationError,
    HorizonReached,
    InternalError,
    InvalidArgumentError,
    InvalidJobDefinition,
    JobNotDone,
    JobNotFound,
    NoConnection,
    SessionClosed,
)
from flare_sim.engine.records.trace_record import KINDS
from flare_sim.jobs.limits import JobLimits

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ALLOWED", "CLASSES", "INSIDE", "public_names"]

Errors = tuple[type[BaseException], ...]

NOTHING: Errors = ()
_SERVER: Errors = (InternalError,)
_CALL: Errors = (SessionClosed, NoConnection, AuthorizationError, AuthenticationError, InternalError)
_ABOUT_JOB: Errors = (*_CALL, JobNotFound)
_VALUE: Errors = (ValueError, InternalError)

ALLOWED: dict[str, Errors] = {
    "SimulatedServer()": _VALUE,
    **dict.fromkeys(
        (
            "SimulatedServer.seed",
            "SimulatedServer.config",
            "SimulatedServer.faults",
            "SimulatedServer.progress",
            "SimulatedServer.quirks",
            "SimulatedServer.clock",
            "SimulatedServer.users",
            "SimulatedServer.folders",
            "SimulatedServer.reply_seconds",
            "SimulatedServer.close",
            "SimulatedServer.requests",
        ),
        NOTHING,
    ),
    **dict.fromkeys(
        (
            "SimulatedServer.trace",
            "SimulatedServer.jobs",
            "SimulatedServer.reachable",
            "SimulatedServer.catch_up",
            "SimulatedServer.stored_files",
            "SimulatedServer.examine",
            "SimulatedServer.download_folder",
            "SimulatedServer.timeline_page",
        ),
        _SERVER,
    ),
    **dict.fromkeys(
        (
            "SimulatedServer.advance",
            "SimulatedServer.call_later",
            "SimulatedServer.add_client",
            "SimulatedServer.remove_client",
            "SimulatedServer.add_user",
            "SimulatedServer.change_role",
            "SimulatedServer.revoke_user",
            "SimulatedServer.request",
            "SimulatedServer.delivers",
            "SimulatedServer.folder",
        ),
        _VALUE,
    ),
    "SimulatedServer.save": (ValueError, InternalError, RuntimeError),
    "SimulatedServer.restore": (ValueError,),
    "SimulatedServer.run_until_idle": (RuntimeError, InternalError),
    "SimulatedServer.step": (RuntimeError, JobNotFound, InternalError),
    "SimulatedServer.history": (JobNotFound, InternalError),
    "SimulatedServer.story": (JobNotFound, InternalError),
    "SimulatedServer.workspace": (JobNotFound, InternalError),
    "SimulatedServer.login": (AuthenticationError, NoConnection, InternalError),
    "SimulatedServer.connect": (AuthenticationError, NoConnection, InternalError, ValueError),
    "SimulatedServer.submit": (*_CALL, InvalidJobDefinition),
    "Session()": (ValueError,),
    "Session.number": NOTHING,
    "Session.user": NOTHING,
    "Session.clock": NOTHING,
    "Session.submit_job": (*_CALL, InvalidJobDefinition),
    "Session.submit_definition": (*_CALL, InvalidJobDefinition),
    "Session.clone_job": _ABOUT_JOB,
    "Session.get_job_meta": _ABOUT_JOB,
    "Session.list_jobs": (*_CALL, InvalidArgumentError),
    "Session.download_job_result": _ABOUT_JOB,
    "Session.abort_job": _ABOUT_JOB,
    "Session.delete_job": (*_ABOUT_JOB, JobNotDone),
    "Session.get_system_info": _CALL,
    "Session.monitor_job": (*_ABOUT_JOB, InvalidArgumentError, HorizonReached),
    "Session.close": NOTHING,
    **dict.fromkeys(
        (
            "Faults.partition",
            "Faults.repair",
            "Faults.crash",
            "Faults.restart",
            "Faults.lose_sessions",
            "Faults.slow_replies",
            "Faults.normal_replies",
            "Faults.malfunction",
            "Faults.mend",
            "Faults.hold",
            "Faults.release",
            "Faults.drop",
            "Faults.reconnect",
            "Faults.fail_deploy",
            "Faults.kill_job",
            "Faults.kill_jobs",
        ),
        _VALUE,
    ),
    "NthCall()": (ValueError,),
    **dict.fromkeys(
        (
            "Scenario()",
            "Scenario.from_mapping",
            "Scenario.from_toml",
            "Scenario.from_file",
            "Scenario.of",
            "Scenario.but",
            "Scenario.as_mapping",
            "Scenario.to_toml",
        ),
        (ValueError,),
    ),
    "Scenario.server": _VALUE,
    **dict.fromkeys(
        ("Scenario.start", "Scenario.config", "Scenario.users", "Scenario.title", "Scenario.description"), NOTHING
    ),
    "NthCall.command": NOTHING,
    "VirtualClock()": (ValueError,),
    "VirtualClock.time": NOTHING,
    "VirtualClock.sleep": (ValueError, HorizonReached),
    "VirtualClock.call_later": (ValueError,),
    "ScaledClock()": (ValueError,),
    "ScaledClock.time": NOTHING,
    "ScaledClock.sleep": (ValueError,),
    "ScaledClock.skip": (ValueError,),
    "ScaledClock.speed": NOTHING,
    "SystemClock()": (ValueError,),
    "SystemClock.time": NOTHING,
    "SystemClock.sleep": (ValueError,),
    "make_job()": (ValueError, InvalidJobDefinition, InternalError),
    "time_in()": (ValueError, ImportError),
    "run_async()": (ValueError, RuntimeError),
    "ClockLoop()": (ValueError,),
    "ClockPool()": (ValueError,),
    "ClockPool.submit": (RuntimeError,),
    "ClockPool.shutdown": (ValueError,),
    "JobBehavior()": (ValueError,),
    "JobBehavior.from_mapping": (ValueError,),
    "JobBehavior.or_else": (ValueError,),
    "JobDefinition.from_files": (InvalidJobDefinition, ValueError),
    "JobDefinition.load": (InvalidJobDefinition, ValueError),
    "JobDefinition.facts": NOTHING,
    "JobDefinition.meta": NOTHING,
    "JobDefinition.given_name": NOTHING,
    "JobDefinition.names_sites": NOTHING,
    "JobDefinition.app_of": NOTHING,
    "JobDefinition.files": NOTHING,
    "JobDefinition.app_contents": NOTHING,
    "JobDefinition.app_files": NOTHING,
    "JobDefinition.for_clone": NOTHING,
    "JobDefinition.by_rules": (ValueError,),
    "JobDefinition.copy": (ValueError,),
    "Run.write": (ValueError,),
    "Run.files": NOTHING,
    "Run.log": (ValueError,),
    "Run.report": (ValueError,),
    "RandomStream.random": NOTHING,
    "RandomStream.uniform": (ValueError,),
    "RandomStream.gauss": (ValueError,),
    "RandomStream.randint": (ValueError,),
    "RandomStream.choice": (ValueError,),
    "ServerConfig.job_limits": NOTHING,
    "ServerConfig.checked": (ValueError,),
    "Command.parse": (ValueError,),
    "Reply.as_dict": NOTHING,
    "Requests.of": (ValueError,),
    "Requests.counts": NOTHING,
    "Trace()": NOTHING,
    "Trace.add": (ValueError,),
    "Trace.of": (ValueError,),
    "Trace.about": NOTHING,
    "Trace.rows": NOTHING,
    "Trace.to_jsonl": NOTHING,
    "Trace.from_jsonl": (ValueError,),
    "Trace.digest": NOTHING,
    **dict.fromkeys((f"TraceRecord.{part}" for part in ("seconds", "kind", "args", "as_dict")), NOTHING),
    **dict.fromkeys((f"TraceRecord.{part}" for parts in KINDS.values() for part in parts), NOTHING),
    "Client()": (ValueError,),
    "User()": (ValueError,),
    # Plain records: they hold what they are given, and it is looked at where they are handed in.
    **dict.fromkeys(
        (
            "ClientInfo()",
            "Command()",
            "JobInfo()",
            "JobLimits()",
            "JobView()",
            "Personality()",
            "Quirk()",
            "Reply()",
            "RequestRecord()",
            "ServerConfig()",
            "ServerInfo()",
            "SystemInfo()",
        ),
        NOTHING,
    ),
}
"""Name -> what may come out of it; a class with ``()`` behind it stands for making one, a function for calling it."""

INSIDE = (
    *(f"ClockLoop.{name}" for name in ("time", "run_forever", "call_soon_threadsafe", "run_in_executor", "close")),
    "ClockLoop.shutdown_default_executor",
    "ClockPool.map",
    *("Faults()", "JobDefinition()", "JobDefinition.of_facts", "RandomStream()"),
    *("Run()", "Run.noted"),
    *(
        "Requests()",
        "Requests.code",
        "Requests.note",
        "Requests.note_more",
        "SimulatedServer.awaited",
        "SimulatedServer.is_at_work",
        "SimulatedServer.quiet_since",
        "SimulatedServer.remark",
        "SimulatedServer.watch",
        "Trace.last_tick",
        "Trace.last_told",
    ),
    *("Trace.code", "Trace.forget_since", "Trace.id_of", "Trace.introduce", "Trace.tell", "TraceRecord()"),
)
"""What the simulator alone calls, with parts of its own, and what asyncio calls."""

_INTERFACES = ("Clock", "MonitorReturnCode", "SessionSpec", "job_monitor_cb_signature")
"""What is written by others, of which nothing runs here, and what is Python's own."""

CLASSES: dict[str, Any] = {
    **{
        name: kind
        for name in flare_sim.__all__
        if callable(kind := getattr(flare_sim, name))
        and not (isinstance(kind, type) and issubclass(kind, BaseException))
        and name not in _INTERFACES
    },
    "JobLimits": JobLimits,
}


def public_names() -> Iterator[str]:
    """Yield what the table has to have a row for."""
    for name, kind in CLASSES.items():
        yield f"{name}()"
        bases = kind.__mro__ if isinstance(kind, type) else ()
        own = (vars(base) for base in bases if base.__module__.partition(".")[0] == "flare_sim")
        members = {member: value for attributes in own for member, value in attributes.items()}
        for member, value in members.items():
            if not member.startswith("_") and (callable(value) or type(value) in (property, classmethod, staticmethod)):
                yield f"{name}.{member}"
