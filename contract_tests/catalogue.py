"""The catalogue: every promise of the FLARE API 2.3, one clause each, and the places where it is silent.

Read it as the specification. Checks refer to clauses by id; `contract_tests.checks` proves on import that each has one.
"""

from __future__ import annotations

from typing import Final

from contract_tests.clause import Catalogue, Clause
from contract_tests.interface import JOB_METHODS, METHODS, SERVER_METHODS

SHAPE, LIFE, ERRORS, TIME, USERS, FAULTS = range(6)


_LOOK: Final = {
    "shape": "the class itself: what it defines, inherits and prints",
    "submit": "submit_job, and what the server stores of a submission",
    "clone": "clone_job, and what the new job is made from",
    "meta": "get_job_meta, and what lies between it and the server's state",
    "list": "list_jobs: what is left out, what is added, and for whom",
    "download": "download_job_result: the folder's name, and what is unpacked into it",
    "abort": "abort_job, and what goes on in the job meanwhile",
    "delete": "delete_job, and every place that remembers a job",
    "system": "get_system_info, and the state it is put together from",
    "monitor": "the loop of monitor_job: poll, callback, end of the job, timeout, sleep",
    "close": "close, and what is tested at the head of every other method",
    "outage": "how a lost connection becomes an exception, and what is remembered of it",
    "lost": "how a session that the server has ended is told from an open one",
    "denied": "how a refusal of the server becomes an exception",
    "credentials": "what opening a session does with a refused login",
    "misbehaving": "how an answer that makes no sense becomes an exception",
    "malformed": "what is done before the arguments are checked",
    "life": "the steps of a job's life, and everything that takes one",
}
"""Where to look first when a clause of a part says nothing more exact."""


def _must(clause_id: str, basis: str, rung: int, statement: str, look: str = "") -> Clause:
    return Clause(clause_id, "MUST", basis, rung, statement, look or _LOOK[clause_id.partition(".")[0]])


def _should(clause_id: str, basis: str, rung: int, statement: str, look: str = "") -> Clause:
    return Clause(clause_id, "SHOULD", basis, rung, statement, look or _LOOK[clause_id.partition(".")[0]])


def _silent(clause_id: str, rung: int, statement: str) -> Clause:
    return Clause(clause_id, "MAY", "observed", rung, statement, "nothing: the interface does not say")


def _each_method(
    prefix: str, methods: tuple[str, ...], basis: str, rung: int, statement: str, look: str, level: str = "MUST"
) -> list[Clause]:
    return [
        Clause(f"{prefix}.{name.replace('_', '-')}", level, basis, rung, statement.format(method=name), look)
        for name in methods
    ]


_METHOD_NAMES: Final = tuple(method.name for method in METHODS)
_DEFINITION = "the validation of the job folder, before anything is stored"
_LOOKUP = "how the server's answer about an unknown job becomes an exception"

_PRINTS = "the constructor of the class, and its __str__"

_SHAPE: Final = [
    _must("shape.methods", "stated", SHAPE, "A session has the ten methods of the interface, and each can be called."),
    *_each_method(
        "shape.signature",
        _METHOD_NAMES,
        "stated",
        SHAPE,
        "{method} takes every call the interface allows: its parameters by position and by name, with their defaults.",
        "the signature: parameter names, order and defaults; further parameters need a default",
    ),
    _must(
        "shape.return-codes",
        "stated",
        SHAPE,
        "MonitorReturnCode is an int enumeration of JOB_FINISHED 0, TIMEOUT 1 and ENDED_BY_CB 2.",
        "the values of the enumeration and its int base",
    ),
    _must(
        "shape.exceptions",
        "stated",
        SHAPE,
        "There are nine exception classes, and each is an Exception.",
        "the bases of the classes",
    ),
    _must("shape.server-info", "stated", SHAPE, "ServerInfo holds status and start_time and prints both.", _PRINTS),
    _must(
        "shape.client-info", "stated", SHAPE, "ClientInfo holds name and last_connect_time and prints both.", _PRINTS
    ),
    _must("shape.job-info", "stated", SHAPE, "JobInfo holds job_id and app_name and prints both.", _PRINTS),
    _must(
        "shape.system-info",
        "stated",
        SHAPE,
        "SystemInfo holds server_info, client_info and job_info and prints all three.",
        _PRINTS,
    ),
    _silent("shape.inherits", SHAPE, "Whether a session inherits from SessionSpec or only looks like one."),
]

_SUBMIT: Final = [
    _must("submit.returns-id", "stated", LIFE, "submit_job returns the job's id: a str that is not empty."),
    _must(
        "submit.new-id",
        "implied",
        LIFE,
        "Every submission makes a job with an id of its own, also of the same folder.",
        "where ids are made or cached",
    ),
    _must(
        "submit.listed", "implied", LIFE, "A submitted job is in the list from then on.", "what the list is made from"
    ),
    _must("submit.meta", "implied", LIFE, "The meta of a submitted job can be read from then on."),
    _must("submit.not-done", "implied", LIFE, "A job starts with a status that is not a finished one."),
    _must("submit.runs", "implied", LIFE, "A job whose needs are met is run to its end.", "whether the job got there"),
    _must(
        "submit.copy",
        "implied",
        LIFE,
        "What was submitted is a copy: changing or removing the folder afterwards changes nothing about the job.",
        "whether the folder is read again after submit_job returned",
    ),
    _must(
        "submit.folder-untouched",
        "implied",
        LIFE,
        "The submitted folder is not written to.",
        "files written beside or into the job definition, such as signatures",
    ),
    _must("submit.owner", "implied", USERS, "The submitter of a job is the user whose session submitted it."),
    _must(
        "submit.time",
        "implied",
        TIME,
        "A job's submit_time lies between the call of submit_job and its return.",
        "which clock submit_time is taken from, and when",
    ),
    _must(
        "submit.refusal-leaves-nothing",
        "implied",
        ERRORS,
        "A refused submission leaves no job behind.",
        "whether the job is stored before its definition is checked",
    ),
    *(
        _must(
            f"submit.refuses.{what}",
            "stated",
            ERRORS,
            f"submit_job raises InvalidJobDefinition for {text}.",
            _DEFINITION,
        )
        for what, text in (
            ("not-text", "a definition path that is not a str"),
            ("empty-text", "an empty path"),
            ("missing-path", "a path where nothing is"),
            ("plain-file", "a path of a plain file"),
            ("empty-folder", "an empty folder"),
            ("no-meta", "a folder without meta.json"),
            ("unreadable-meta", "a meta.json that is not JSON"),
            ("meta-not-object", "a meta.json that is not an object"),
            ("no-deploy-map", "a meta.json without a deploy_map"),
            ("missing-app", "a deploy_map that names an app that is not there"),
            ("no-server-config", "an app for the server without a server configuration"),
            ("no-client-config", "an app for clients without a client configuration"),
            ("min-clients", "a min_clients that is not a positive number"),
            ("too-few-sites", "a min_clients above the number of sites named"),
            ("mandatory-client", "a mandatory client outside the deploy map"),
            ("resource-spec", "a resource_spec that is not an object"),
        )
    ),
    _must(
        "submit.concurrent",
        "implied",
        FAULTS,
        "Submissions from several threads at once make one job each, with an id of its own.",
        "what the threads share while a job is made",
    ),
]

_CLONE: Final = [
    _must("clone.returns-id", "stated", LIFE, "clone_job returns the new job's id: a str that is not empty."),
    _must("clone.new-id", "stated", LIFE, "A clone has an id that no job had before."),
    _must(
        "clone.definition",
        "implied",
        LIFE,
        "A clone has the original's name, deploy map, resource specification, minimum and mandatory clients.",
        "which keys of the meta are carried over",
    ),
    _must(
        "clone.starts-over",
        "implied",
        LIFE,
        "A clone starts at the beginning, whatever state the original is in.",
        "whether status or run times are carried over",
    ),
    _must("clone.listed", "implied", LIFE, "A clone is in its owner's list from then on."),
    _must("clone.original-untouched", "implied", LIFE, "Cloning changes nothing about the original."),
    _must("clone.runs", "implied", LIFE, "The clone of a finished job is run to its end."),
    _must(
        "clone.apart-on-abort",
        "implied",
        LIFE,
        "Aborting a clone leaves its original alone, and the other way round.",
        "what clone and original share",
    ),
    _must(
        "clone.apart-on-delete",
        "implied",
        LIFE,
        "Deleting a clone leaves its original alone, and the other way round.",
        "what clone and original share",
    ),
    _must("clone.owner", "implied", USERS, "The submitter of a clone is the user who cloned."),
]

_META: Final = [
    _must("meta.dict", "stated", LIFE, "get_job_meta returns a dict."),
    _must(
        "meta.keys",
        "implied",
        LIFE,
        "A job's meta has at least job_id, name, status, submitter_name and submit_time.",
        "the keys the meta is put together from",
    ),
    _must("meta.job-id", "implied", LIFE, "The job_id in a job's meta is the id it was asked by."),
    _must("meta.name", "implied", LIFE, "The name in a job's meta is the one of its definition."),
    _must("meta.status", "implied", LIFE, "The status in a job's meta is a str that is not empty."),
    _must(
        "meta.callers-copy",
        "implied",
        LIFE,
        "A meta belongs to the caller: changing it, at any depth, changes nothing about the job.",
        "whether the stored meta itself is handed out",
    ),
    _must(
        "meta.snapshot",
        "implied",
        LIFE,
        "A meta is a snapshot: it does not change after it was returned.",
        "whether a live or cached dict is handed out",
    ),
    _must("meta.no-effect", "implied", LIFE, "Reading a job's meta has no effect on any job."),
    _must(
        "meta.fresh",
        "implied",
        LIFE,
        "A meta tells the job's state at the time of the call, not of an earlier one.",
        "caches between the caller and the server",
    ),
    _must("meta.sessions-agree", "implied", USERS, "Two sessions of a user read the same meta at the same time."),
]

_LIST: Final = [
    _must("list.dicts", "stated", LIFE, "list_jobs returns a list of dicts."),
    _must("list.empty", "implied", LIFE, "The list of a server without jobs is empty."),
    _must("list.ids", "implied", LIFE, "Every entry of the list carries the id of its job, and no job stands twice."),
    _must(
        "list.status-agrees",
        "implied",
        LIFE,
        "The status in the list is the one get_job_meta tells at the same time.",
        "whether list and meta are made from the same state",
    ),
    _must(
        "list.complete",
        "implied",
        LIFE,
        "No job is missing from the list, however many there are.",
        "limits on what is listed",
    ),
    _must("list.no-deleted", "implied", LIFE, "No deleted job is in the list."),
    _must("list.own", "stated", USERS, "By default the list holds only jobs that the same user submitted."),
    _must("list.own-all-sessions", "implied", USERS, "A user's list holds jobs submitted in any session of the user."),
    _must("list.all", "stated", USERS, "With all=True the list holds the jobs of all users."),
    _must("list.all-false", "stated", USERS, "all=False means the same as leaving it out."),
    _must("list.detailed-jobs", "stated", LIFE, "With detailed=True the list holds the same jobs."),
    _must(
        "list.detailed-more",
        "stated",
        LIFE,
        "With detailed=True an entry tells at least as much about its job as without.",
        "what detailed adds",
    ),
    _should("list.order", "observed", LIFE, "Two lists with nothing but reads in between are in the same order."),
    _must("list.callers-copy", "implied", LIFE, "A list belongs to the caller: changing it changes nothing."),
    _must("list.no-effect", "implied", LIFE, "Listing has no effect on any job."),
]

_DOWNLOAD: Final = [
    _must("download.text", "stated", LIFE, "download_job_result returns a str."),
    _must("download.folder", "stated", LIFE, "For a finished job within the size limit it is the path of a folder."),
    _must("download.content", "stated", LIFE, "The folder of a job that ran to its end is not empty."),
    _must("download.own-result", "stated", LIFE, "The folder holds what this job left behind, and no other job."),
    _must("download.repeat", "implied", LIFE, "A result can be downloaded again.", "what a first download leaves"),
    _must(
        "download.apart",
        "implied",
        LIFE,
        "Results of two jobs are in two folders, neither inside the other.",
        "how the folder is named",
    ),
    _must(
        "download.oversize",
        "stated",
        LIFE,
        "For a result above the server's size limit it is a location, not a local folder.",
        "what is done with the server's location",
    ),
    _must("download.no-effect", "implied", LIFE, "Downloading has no effect on any job."),
    _silent("download.unfinished", LIFE, "What a download of a job that is not done gives."),
]

_ABORT: Final = [
    _must("abort.returns-none", "stated", LIFE, "abort_job returns None."),
    _must("abort.done-no-effect", "stated", LIFE, "Aborting a job that is done has no effect at all."),
    _must("abort.waiting-ends", "implied", LIFE, "A job aborted before it started becomes a finished one."),
    _must("abort.waiting-never-runs", "stated", LIFE, "A job aborted before it started never runs."),
    _must(
        "abort.dispatched-sticks",
        "implied",
        LIFE,
        "The abort of a job that is dispatched but not running yet sticks: it ends and never runs.",
        "a start that was under way when the abort came",
    ),
    _must("abort.running-ends", "stated", LIFE, "A job aborted while it runs stops and becomes a finished one."),
    _must("abort.running-leaves", "implied", LIFE, "A job aborted while it ran is executed no more."),
    _must("abort.twice", "implied", LIFE, "Aborting a job twice is the same as aborting it once."),
    _must("abort.others", "implied", LIFE, "Aborting a job touches no other job."),
]

_DELETE: Final = [
    _must("delete.returns-none", "stated", LIFE, "delete_job returns None."),
    _must("delete.waiting", "stated", LIFE, "A job that has not started can be deleted."),
    _must(
        "delete.running",
        "stated",
        LIFE,
        "A job that is being executed can be deleted: it is stopped first.",
        "a refusal of running jobs (JobNotDone)",
    ),
    _must("delete.dispatched", "stated", LIFE, "A job that is dispatched but not running yet can be deleted."),
    _must("delete.done", "stated", LIFE, "A job that is done can be deleted, however it ended."),
    _must("delete.never-runs", "implied", LIFE, "A deleted job is never executed afterwards."),
    _must("delete.system-info", "implied", LIFE, "System info does not name a deleted job."),
    _must("delete.list", "implied", LIFE, "A deleted job is in no list."),
    _must("delete.files", "stated", LIFE, "Nothing of a deleted job is left on the server."),
    _must("delete.others", "implied", LIFE, "Deleting a job touches no other job, its clones included."),
    *_each_method(
        "delete.then",
        JOB_METHODS,
        "implied",
        ERRORS,
        "{method} of a deleted job raises JobNotFound.",
        "what is remembered of a deleted job",
    ),
]

_SYSTEM: Final = [
    _must("system.parts", "stated", LIFE, "get_system_info returns server_info, a list client_info, a list job_info."),
    _must("system.server-status", "implied", LIFE, "The server's status is a str that is not empty."),
    _must("system.start-time", "implied", TIME, "The server's start_time is a number, and not in the future."),
    _must("system.start-time-stays", "implied", TIME, "The server's start_time stays the same while it runs."),
    _must("system.clients", "stated", LIFE, "There is one entry per connected client, under the client's name."),
    _must("system.client-names", "implied", LIFE, "No two clients have the same name."),
    _must("system.connect-time", "implied", TIME, "A client's last_connect_time is a number, and not in the future."),
    _must(
        "system.connect-time-moves",
        "implied",
        TIME,
        "The last_connect_time of a client that stays connected moves forward, and never back.",
        "which event the time is taken from",
    ),
    _must(
        "system.dropped-client",
        "implied",
        FAULTS,
        "The last_connect_time of a client that dropped out moves no more.",
        "what still updates it",
    ),
    _must("system.new-client", "implied", FAULTS, "A client that connects has an entry from then on."),
    _must("system.jobs", "stated", LIFE, "Every job being executed has one entry, with its id."),
    _must("system.only-running-jobs", "implied", LIFE, "No job that waits or is done has an entry."),
    _must("system.app-name", "stated", LIFE, "The entry of a job names its app."),
    _must("system.text", "stated", SHAPE, "System info prints the server, every client and every job."),
    _must("system.no-effect", "implied", LIFE, "Asking for system info has no effect on any job."),
]

_CB = "the loop of monitor_job: poll, callback, end of the job, timeout, sleep"

_MONITOR: Final = [
    _must("monitor.returns-code", "stated", TIME, "monitor_job returns a MonitorReturnCode."),
    _must(
        "monitor.finished",
        "stated",
        TIME,
        "monitor_job returns JOB_FINISHED for a job that is done, in whatever way it ended.",
        "which statuses count as done",
    ),
    _must("monitor.waits", "stated", TIME, "monitor_job returns JOB_FINISHED only when the job is done.", _CB),
    _must(
        "monitor.at-once", "implied", TIME, "A job that is already done is found so by the first poll, at once.", _CB
    ),
    _must("monitor.promptly", "implied", TIME, "The end of a job is noticed by the next poll.", _CB),
    _must("monitor.no-timeout", "stated", TIME, "With timeout=0 monitor_job never times out.", "how 0 is treated"),
    _must(
        "monitor.timeout-default",
        "stated",
        TIME,
        "Without a timeout monitor_job never times out.",
        "the default in the signature, and what the code makes of it",
    ),
    _must(
        "monitor.timeout",
        "stated",
        TIME,
        "When the timeout passes and the job is not done, monitor_job returns TIMEOUT.",
        _CB,
    ),
    _must("monitor.timeout-not-early", "stated", TIME, "TIMEOUT never comes before the timeout has passed.", _CB),
    _must(
        "monitor.timeout-not-late",
        "implied",
        TIME,
        "TIMEOUT comes no later than the timeout, one poll interval and the time the callback took.",
        _CB,
    ),
    _must(
        "monitor.finish-before-timeout",
        "stated",
        TIME,
        "A job that is done a poll interval or more before the timeout gives JOB_FINISHED.",
        _CB,
    ),
    _should(
        "monitor.finish-in-last-gap",
        "implied",
        TIME,
        "A job that is done before the timeout, however shortly, gives JOB_FINISHED.",
        "whether the timeout is tested before the last poll",
    ),
    _must("monitor.poll-not-closer", "stated", TIME, "Polls are not closer together than poll_interval.", _CB),
    _must(
        "monitor.poll-not-further",
        "stated",
        TIME,
        "Polls are no further apart than poll_interval and the time the callback took.",
        _CB,
    ),
    _must(
        "monitor.poll-default",
        "stated",
        TIME,
        "Without a poll_interval polls are 2 seconds apart.",
        "the default in the signature, and what the code makes of it",
    ),
    _must("monitor.callback-first", "stated", TIME, "The callback is called after the first poll, at once.", _CB),
    _must(
        "monitor.callback-last", "stated", TIME, "The callback is called after the poll that finds the job done.", _CB
    ),
    _must("monitor.callback-each", "stated", TIME, "The callback is called exactly once after each poll.", _CB),
    _must(
        "monitor.callback-session",
        "stated",
        TIME,
        "The callback gets the very session whose monitor_job was called.",
        "a wrapper that hands out the session it wraps",
    ),
    _must("monitor.callback-job-id", "stated", TIME, "The callback gets the id of the monitored job.", _CB),
    _must(
        "monitor.callback-meta",
        "stated",
        TIME,
        "The callback gets the meta that its poll read.",
        "whether an older meta, or one of another job, is handed on",
    ),
    _must(
        "monitor.callback-meta-copy",
        "implied",
        TIME,
        "Changing the meta in the callback changes nothing.",
        "whether the callback is handed a copy",
    ),
    _must(
        "monitor.callback-args", "stated", TIME, "The callback gets every further positional argument, in order.", _CB
    ),
    _must("monitor.callback-kwargs", "stated", TIME, "The callback gets every further named argument.", _CB),
    _must("monitor.callback-nothing-else", "stated", TIME, "The callback gets no argument nobody passed.", _CB),
    _must("monitor.callback-true", "stated", TIME, "A callback that returns True lets the monitor go on.", _CB),
    _must("monitor.callback-false-first", "stated", TIME, "False from the first call ends with ENDED_BY_CB.", _CB),
    _must("monitor.callback-false-later", "stated", TIME, "False from any later call ends with ENDED_BY_CB.", _CB),
    _must("monitor.callback-false-no-more", "stated", TIME, "After False the callback is not called again.", _CB),
    _must("monitor.callback-false-at-once", "stated", TIME, "After False monitor_job returns at once.", _CB),
    _must(
        "monitor.callback-error",
        "implied",
        TIME,
        "What the callback raises comes out of monitor_job, unchanged.",
        "an except clause around the callback",
    ),
    _must("monitor.callback-error-ends", "implied", TIME, "A callback that raised is not called again.", _CB),
    _must("monitor.callback-reads", "implied", TIME, "A callback may read and list jobs in the session."),
    _must("monitor.callback-aborts", "implied", TIME, "A callback may abort the job; the monitor ends JOB_FINISHED."),
    _must(
        "monitor.callback-deletes", "implied", TIME, "A callback may delete the job; the next poll raises JobNotFound."
    ),
    _must("monitor.callback-monitors", "implied", TIME, "A callback may monitor another job in the session."),
    _must("monitor.timeout-no-effect", "implied", TIME, "A timeout changes nothing about the job."),
    _must(
        "monitor.callback-end-no-effect", "implied", TIME, "Ending a monitor by callback changes nothing about the job."
    ),
    _must("monitor.no-effect", "implied", TIME, "Monitoring a job to its end changes nothing about any job."),
    _must("monitor.aborted-meanwhile", "implied", TIME, "A job aborted while monitored gives JOB_FINISHED."),
    _must(
        "monitor.deleted-meanwhile",
        "implied",
        TIME,
        "A job deleted while monitored gives JobNotFound at the next poll.",
    ),
    _must("monitor.closed-meanwhile", "implied", TIME, "A session closed while monitoring gives SessionClosed."),
    _must("monitor.this-job", "implied", TIME, "The end of another job does not end a monitor."),
    _must("monitor.again", "implied", TIME, "A monitor that ended early can be followed by another of the same job."),
    _silent(
        "monitor.done-and-false", TIME, "What wins when the callback returns False on the poll that found the job done."
    ),
    _silent("monitor.falsy", TIME, "What a callback that returns a falsy value other than False does."),
    _silent("monitor.truthy", TIME, "What a callback that returns a truthy value other than True does."),
    _silent("monitor.negative-timeout", TIME, "What a negative timeout means."),
    _silent("monitor.zero-poll", TIME, "What a poll_interval of zero means."),
    _silent("monitor.negative-poll", TIME, "What a negative poll_interval means."),
    _silent("monitor.odd-poll", TIME, "What a poll_interval that is no number means."),
]

_CLOSE: Final = [
    _must("close.returns-none", "stated", LIFE, "close returns None."),
    _must("close.again", "implied", LIFE, "A session can be closed any number of times."),
    *_each_method(
        "close.then",
        SERVER_METHODS,
        "stated",
        ERRORS,
        "{method} of a closed session raises SessionClosed.",
        "the test for a closed session at the head of every method",
    ),
    _must(
        "close.only-session-closed",
        "implied",
        ERRORS,
        "A closed session raises SessionClosed whatever the arguments are.",
        "argument checks that come before the test for a closed session",
    ),
    _must("close.other-sessions", "implied", USERS, "Closing a session leaves other sessions usable."),
    _must("close.jobs", "implied", LIFE, "Closing a session leaves its jobs alone: they run on."),
]

_FAILURES: Final = [
    *_each_method("unknown", JOB_METHODS, "implied", ERRORS, "{method} of an unknown job raises JobNotFound.", _LOOKUP),
    *_each_method(
        "malformed",
        JOB_METHODS,
        "implied",
        ERRORS,
        "{method} of what cannot be a job id raises JobNotFound, and nothing else.",
        "what is done to a job id before it is looked up",
    ),
    _must(
        "malformed.no-effect",
        "implied",
        ERRORS,
        "A call that is refused for its arguments changes nothing.",
        "what is done before the arguments are checked",
    ),
    *_each_method(
        "arguments",
        tuple(name for name in SERVER_METHODS if name != "get_system_info"),
        "implied",
        ERRORS,
        "Whatever is handed to {method}, only the interface's exceptions leave it.",
        "conversions and comparisons of arguments outside a try",
    ),
    _should(
        "arguments.invalid",
        "implied",
        ERRORS,
        "A bad argument that is neither an id nor a definition raises InvalidArgumentError.",
        "checks of timeout, callback and flags",
    ),
    *_each_method(
        "outage",
        SERVER_METHODS,
        "stated",
        FAULTS,
        "{method} raises NoConnection while there is no server.",
        "how a lost connection becomes an exception",
    ),
    _must("outage.monitoring", "stated", FAULTS, "An outage during monitor_job gives NoConnection at the next poll."),
    _must("outage.open", "stated", FAULTS, "Opening a session while there is no server raises NoConnection."),
    _must(
        "outage.recovery",
        "implied",
        FAULTS,
        "After recovery a session is usable again, or raises SessionClosed for good.",
        "what a session remembers of the outage",
    ),
    _must("outage.refused", "implied", FAULTS, "What was asked for during an outage has not happened."),
    _must("outage.close", "implied", FAULTS, "A session can be closed while there is no server."),
    *_each_method(
        "lost",
        SERVER_METHODS,
        "implied",
        FAULTS,
        "{method} raises SessionClosed once the server has ended the session.",
        "how an inactive session becomes an exception",
    ),
    _must("lost.close", "implied", FAULTS, "A session that the server has ended can be closed."),
    *_each_method(
        "denied",
        ("submit_job", "clone_job", "download_job_result", "abort_job", "delete_job"),
        "stated",
        USERS,
        "{method} raises AuthorizationError for a user who may not.",
        "how a refusal of the server becomes an exception",
    ),
    _must("denied.no-effect", "implied", USERS, "What a user may not do has not happened."),
    _must("credentials.refused", "stated", USERS, "Opening a session with bad credentials raises AuthenticationError."),
    *_each_method(
        "misbehaving",
        SERVER_METHODS,
        "stated",
        FAULTS,
        "{method} raises InternalError while the server misbehaves.",
        "how an unexpected answer becomes an exception",
    ),
    _must("misbehaving.recovery", "implied", FAULTS, "A session is usable again when the server behaves again."),
]

_LIFE: Final = [
    _must("life.order", "implied", LIFE, "A job's status goes from submitted over dispatched and running to finished."),
    _must("life.no-step-back", "implied", LIFE, "A job's status never steps back."),
    _must("life.final", "implied", LIFE, "The status of a finished job never changes again."),
    *(
        _should(
            f"life.ends.{how}", "observed", LIFE, f"A job that {text} ends as FINISHED:{status}.", "the status names"
        )
        for how, text, status in (
            ("completed", "runs to its end", "COMPLETED"),
            ("aborted", "is aborted", "ABORTED"),
            ("exception", "fails on the server", "EXECUTION_EXCEPTION"),
            ("abnormal", "is killed", "ABNORMAL"),
            ("unschedulable", "could not be scheduled in the tries it has", "CAN_NOT_SCHEDULE"),
            ("not-deployed", "cannot be deployed", "FAILED_TO_RUN"),
        )
    ),
    _must("life.side-by-side", "implied", LIFE, "Jobs live side by side: the fate of one is not the fate of another."),
    _must(
        "life.model",
        "implied",
        USERS,
        "Any sequence of calls, from any sessions of any users, agrees with a small model of these clauses.",
        "state kept outside the server: caches, counters, what an earlier call left behind",
    ),
    _must(
        "life.concurrent",
        "implied",
        FAULTS,
        "Calls from several threads at once lose nothing: each has the effect it has alone.",
        "what the threads share",
    ),
]

CATALOGUE: Final = Catalogue(
    [
        *_SHAPE,
        *_SUBMIT,
        *_CLONE,
        *_META,
        *_LIST,
        *_DOWNLOAD,
        *_ABORT,
        *_DELETE,
        *_SYSTEM,
        *_MONITOR,
        *_CLOSE,
        *_FAILURES,
        *_LIFE,
    ]
)
"""Every clause, in the order of the interface."""
