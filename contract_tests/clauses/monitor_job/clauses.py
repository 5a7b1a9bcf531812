"""What the interface says about `monitor_job`, one clause a sentence.

Their ids begin with `monitor.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import MONITORING, Promises

_PROMISE: Final = Promises("the loop of monitor_job: poll, callback, end of the job, timeout, sleep")
_LOOP: Final = "the loop of monitor_job: poll, callback, end of the job, timeout, sleep"

CLAUSES: Final = (
    _PROMISE.must("monitor.returns-code", "stated", MONITORING, "monitor_job returns a MonitorReturnCode."),
    _PROMISE.must(
        "monitor.finished",
        "stated",
        MONITORING,
        "monitor_job returns JOB_FINISHED for a job that is done, in whatever way it ended.",
        "which statuses count as done",
    ),
    _PROMISE.must(
        "monitor.waits", "stated", MONITORING, "monitor_job returns JOB_FINISHED only when the job is done.", _LOOP
    ),
    _PROMISE.must(
        "monitor.at-once",
        "implied",
        MONITORING,
        "A job that is already done is found so by the first poll, at once.",
        _LOOP,
    ),
    _PROMISE.must("monitor.promptly", "implied", MONITORING, "The end of a job is noticed by the next poll.", _LOOP),
    _PROMISE.must(
        "monitor.no-timeout", "stated", MONITORING, "With timeout=0 monitor_job never times out.", "how 0 is treated"
    ),
    _PROMISE.must(
        "monitor.timeout-default",
        "stated",
        MONITORING,
        "Without a timeout monitor_job never times out.",
        "the default in the signature, and what the code makes of it",
    ),
    _PROMISE.must(
        "monitor.timeout",
        "stated",
        MONITORING,
        "When the timeout passes and the job is not done, monitor_job returns TIMEOUT.",
        _LOOP,
    ),
    _PROMISE.must(
        "monitor.timeout-not-early", "stated", MONITORING, "TIMEOUT never comes before the timeout has passed.", _LOOP
    ),
    _PROMISE.must(
        "monitor.timeout-not-late",
        "implied",
        MONITORING,
        "TIMEOUT comes no later than the timeout, one poll interval and the time the callback took.",
        _LOOP,
    ),
    _PROMISE.must(
        "monitor.finish-before-timeout",
        "stated",
        MONITORING,
        "A job that is done a poll interval or more before the timeout gives JOB_FINISHED.",
        _LOOP,
    ),
    _PROMISE.should(
        "monitor.finish-in-last-gap",
        "implied",
        MONITORING,
        "A job that is done before the timeout, however shortly, gives JOB_FINISHED.",
        "whether the timeout is tested before the last poll",
    ),
    _PROMISE.must(
        "monitor.poll-not-closer", "stated", MONITORING, "Polls are not closer together than poll_interval.", _LOOP
    ),
    _PROMISE.must(
        "monitor.poll-not-further",
        "stated",
        MONITORING,
        "Polls are no further apart than poll_interval and the time the callback took.",
        _LOOP,
    ),
    _PROMISE.must(
        "monitor.poll-default",
        "stated",
        MONITORING,
        "Without a poll_interval polls are 2 seconds apart.",
        "the default in the signature, and what the code makes of it",
    ),
    _PROMISE.must(
        "monitor.callback-first", "stated", MONITORING, "The callback is called after the first poll, at once.", _LOOP
    ),
    _PROMISE.must(
        "monitor.callback-last",
        "stated",
        MONITORING,
        "The callback is called after the poll that finds the job done.",
        _LOOP,
    ),
    _PROMISE.must(
        "monitor.callback-each", "stated", MONITORING, "The callback is called exactly once after each poll.", _LOOP
    ),
    _PROMISE.must(
        "monitor.callback-session",
        "stated",
        MONITORING,
        "The callback gets the very session whose monitor_job was called.",
        "a wrapper that hands out the session it wraps",
    ),
    _PROMISE.must(
        "monitor.callback-job-id", "stated", MONITORING, "The callback gets the id of the monitored job.", _LOOP
    ),
    _PROMISE.must(
        "monitor.callback-meta",
        "stated",
        MONITORING,
        "The callback gets the meta that its poll read.",
        "whether an older meta, or one of another job, is handed on",
    ),
    _PROMISE.must(
        "monitor.callback-meta-copy",
        "implied",
        MONITORING,
        "Changing the meta in the callback changes nothing.",
        "whether the callback is handed a copy",
    ),
    _PROMISE.must(
        "monitor.callback-args",
        "stated",
        MONITORING,
        "The callback gets every further positional argument, in order.",
        _LOOP,
    ),
    _PROMISE.must(
        "monitor.callback-kwargs", "stated", MONITORING, "The callback gets every further named argument.", _LOOP
    ),
    _PROMISE.must(
        "monitor.callback-nothing-else", "stated", MONITORING, "The callback gets no argument nobody passed.", _LOOP
    ),
    _PROMISE.must(
        "monitor.callback-true", "stated", MONITORING, "A callback that returns True lets the monitor go on.", _LOOP
    ),
    _PROMISE.must(
        "monitor.callback-false-first",
        "stated",
        MONITORING,
        "False from the first call ends with ENDED_BY_CB.",
        _LOOP,
    ),
    _PROMISE.must(
        "monitor.callback-false-later",
        "stated",
        MONITORING,
        "False from any later call ends with ENDED_BY_CB.",
        _LOOP,
    ),
    _PROMISE.must(
        "monitor.callback-false-no-more", "stated", MONITORING, "After False the callback is not called again.", _LOOP
    ),
    _PROMISE.must(
        "monitor.callback-false-at-once", "stated", MONITORING, "After False monitor_job returns at once.", _LOOP
    ),
    _PROMISE.must(
        "monitor.callback-error",
        "implied",
        MONITORING,
        "What the callback raises comes out of monitor_job, unchanged.",
        "an except clause around the callback",
    ),
    _PROMISE.must(
        "monitor.callback-error-ends", "implied", MONITORING, "A callback that raised is not called again.", _LOOP
    ),
    _PROMISE.must("monitor.callback-reads", "implied", MONITORING, "A callback may read and list jobs in the session."),
    _PROMISE.must(
        "monitor.callback-aborts", "implied", MONITORING, "A callback may abort the job; the monitor ends JOB_FINISHED."
    ),
    _PROMISE.must(
        "monitor.callback-deletes",
        "implied",
        MONITORING,
        "A callback may delete the job; the next poll raises JobNotFound.",
    ),
    _PROMISE.must(
        "monitor.callback-monitors", "implied", MONITORING, "A callback may monitor another job in the session."
    ),
    _PROMISE.must("monitor.timeout-no-effect", "implied", MONITORING, "A timeout changes nothing about the job."),
    _PROMISE.must(
        "monitor.callback-end-no-effect",
        "implied",
        MONITORING,
        "Ending a monitor by callback changes nothing about the job.",
    ),
    _PROMISE.must(
        "monitor.no-effect", "implied", MONITORING, "Monitoring a job to its end changes nothing about any job."
    ),
    _PROMISE.must(
        "monitor.aborted-meanwhile", "implied", MONITORING, "A job aborted while monitored gives JOB_FINISHED."
    ),
    _PROMISE.must(
        "monitor.deleted-meanwhile",
        "implied",
        MONITORING,
        "A job deleted while monitored gives JobNotFound at the next poll.",
    ),
    _PROMISE.must(
        "monitor.closed-meanwhile", "implied", MONITORING, "A session closed while monitoring gives SessionClosed."
    ),
    _PROMISE.must("monitor.this-job", "implied", MONITORING, "The end of another job does not end a monitor."),
    _PROMISE.must(
        "monitor.again", "implied", MONITORING, "A monitor that ended early can be followed by another of the same job."
    ),
    _PROMISE.silent(
        "monitor.done-and-false",
        MONITORING,
        "What wins when the callback returns False on the poll that found the job done.",
    ),
    _PROMISE.silent("monitor.falsy", MONITORING, "What a callback that returns a falsy value other than False does."),
    _PROMISE.silent("monitor.truthy", MONITORING, "What a callback that returns a truthy value other than True does."),
    _PROMISE.silent("monitor.negative-timeout", MONITORING, "What a negative timeout means."),
    _PROMISE.silent("monitor.zero-poll", MONITORING, "What a poll_interval of zero means."),
    _PROMISE.silent("monitor.negative-poll", MONITORING, "What a negative poll_interval means."),
    _PROMISE.silent("monitor.odd-poll", MONITORING, "What a poll_interval that is no number means."),
)
