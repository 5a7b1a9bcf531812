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
        "submit.returns-id",
        "stated",
        LIFECYCLE,
        "submit_job returns the job's id: a str that is not empty.",
        words="submit_job, signature; submit_job, Returns",
    ),
    _PROMISE.must(
        "submit.new-id",
        "implied",
        LIFECYCLE,
        "Every submission makes a job with an id of its own, also of the same folder.",
        "where ids are made or cached",
        words="submit_job, Returns",
    ),
    _PROMISE.must(
        "submit.listed",
        "implied",
        LIFECYCLE,
        "A submitted job is in the list from then on.",
        "what the list is made from",
        words="submit_job, Returns; list_jobs, Args: all",
    ),
    _PROMISE.must(
        "submit.meta",
        "implied",
        LIFECYCLE,
        "The meta of a submitted job can be read from then on.",
        words="submit_job, Returns; get_job_meta, Args: job_id",
    ),
    _PROMISE.must(
        "submit.not-done",
        "implied",
        LIFECYCLE,
        "A job starts with a status that is not a finished one.",
        words="abort_job, If job is not started yet",
    ),
    _PROMISE.must(
        "submit.runs",
        "implied",
        LIFECYCLE,
        "A job whose needs are met is run to its end.",
        "whether the job got there",
        words="submit_job, Submit a predefined job; monitor_job, - job is done",
    ),
    _PROMISE.must(
        "submit.copy",
        "implied",
        LIFECYCLE,
        "What was submitted is a copy: changing or removing the folder afterwards changes nothing about the job.",
        "whether the folder is read again after submit_job returned",
        words="submit_job, Submit a predefined job",
    ),
    _PROMISE.must(
        "submit.folder-untouched",
        "implied",
        LIFECYCLE,
        "The submitted folder is not written to.",
        "files written beside or into the job definition, such as signatures",
        words="submit_job, Args: job_definition_path",
    ),
    _PROMISE.must(
        "submit.owner",
        "implied",
        USERS,
        "The submitter of a job is the user whose session submitted it.",
        words="list_jobs, Args: all",
    ),
    _PROMISE.must(
        "submit.time",
        "implied",
        MONITORING,
        "A job's submit_time lies between the call of submit_job and its return.",
        "which clock submit_time is taken from, and when",
        words="get_job_meta, Returns",
    ),
    _PROMISE.must(
        "submit.refusal-leaves-nothing",
        "implied",
        ERRORS,
        "A refused submission leaves no job behind.",
        "whether the job is stored before its definition is checked",
        words="submit_job, Returns; submit_job, If the submission fails",
    ),
    *(
        _PROMISE.must(
            f"submit.refuses.{what}",
            "implied",
            ERRORS,
            f"submit_job raises InvalidJobDefinition for {text}.",
            _DEFINITION,
            words="submit_job, If the submission fails; InvalidJobDefinition",
        )
        for what, text in (
            ("not-text", "a definition path that is not a str"),
            ("empty-text", "an empty path"),
            ("missing-path", "a path where nothing is"),
            ("plain-file", "a path of a plain file"),
            ("empty-folder", "an empty folder"),
        )
    ),
    *(
        _PROMISE.should(
            f"submit.refuses.{what}",
            "observed",
            ERRORS,
            f"submit_job raises InvalidJobDefinition for {text}.",
            _DEFINITION,
            words="submit_job, If the submission fails; InvalidJobDefinition",
        )
        for what, text in (
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
        words="submit_job, Returns",
    ),
)
