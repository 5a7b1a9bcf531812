"""What the interface says about `submit_job`, one clause a sentence.

Their ids begin with `submit.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import ERRORS, FAULTS, LIFECYCLE, MONITORING, USERS, Promises

_PROMISE: Final = Promises("submit_job, and what the server stores of a submission")
_DEFINITION: Final = "the validation of the job folder, before anything is stored"

CLAUSES: Final = (
    _PROMISE.must(
        "submit.returns-id", "stated", LIFECYCLE, "submit_job returns the job's id: a str that is not empty."
    ),
    _PROMISE.must(
        "submit.new-id",
        "implied",
        LIFECYCLE,
        "Every submission makes a job with an id of its own, also of the same folder.",
        "where ids are made or cached",
    ),
    _PROMISE.must(
        "submit.listed",
        "implied",
        LIFECYCLE,
        "A submitted job is in the list from then on.",
        "what the list is made from",
    ),
    _PROMISE.must("submit.meta", "implied", LIFECYCLE, "The meta of a submitted job can be read from then on."),
    _PROMISE.must("submit.not-done", "implied", LIFECYCLE, "A job starts with a status that is not a finished one."),
    _PROMISE.must(
        "submit.runs", "implied", LIFECYCLE, "A job whose needs are met is run to its end.", "whether the job got there"
    ),
    _PROMISE.must(
        "submit.copy",
        "implied",
        LIFECYCLE,
        "What was submitted is a copy: changing or removing the folder afterwards changes nothing about the job.",
        "whether the folder is read again after submit_job returned",
    ),
    _PROMISE.must(
        "submit.folder-untouched",
        "implied",
        LIFECYCLE,
        "The submitted folder is not written to.",
        "files written beside or into the job definition, such as signatures",
    ),
    _PROMISE.must("submit.owner", "implied", USERS, "The submitter of a job is the user whose session submitted it."),
    _PROMISE.must(
        "submit.time",
        "implied",
        MONITORING,
        "A job's submit_time lies between the call of submit_job and its return.",
        "which clock submit_time is taken from, and when",
    ),
    _PROMISE.must(
        "submit.refusal-leaves-nothing",
        "implied",
        ERRORS,
        "A refused submission leaves no job behind.",
        "whether the job is stored before its definition is checked",
    ),
    *(
        _PROMISE.must(
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
    _PROMISE.must(
        "submit.concurrent",
        "implied",
        FAULTS,
        "Submissions from several threads at once make one job each, with an id of its own.",
        "what the threads share while a job is made",
    ),
)
