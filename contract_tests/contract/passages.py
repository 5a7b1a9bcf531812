"""The passages of the interface: what can be pointed at in its text, by where it stands.

A pointer is the name of a method, function or class of NVFLARE 2.3's ``api_spec.py``, or that and a passage there:
``list_jobs, Args: all``. Passages of a docstring that have no heading are called by the words they begin with. The
words of the interface themselves are not repeated here.
"""

from __future__ import annotations

from typing import Final

PASSAGES: Final[dict[str, tuple[str, ...]]] = {
    "SessionSpec": (),
    "submit_job": (
        *("signature", "Submit a predefined job", "Args: job_definition_path", "Returns"),
        "If the submission fails",
    ),
    "clone_job": ("signature", "Create a new job", "Args: job_id", "Returns"),
    "get_job_meta": ("signature", "Get the meta info", "Args: job_id", "Returns"),
    "list_jobs": ("signature", "Get the job info", "Args: detailed", "Args: all", "Returns"),
    "download_job_result": (
        *("signature", "Download result of the job", "Args: job_id", "Returns"),
        *("If the job size is smaller", "If the size of the job is larger"),
    ),
    "abort_job": (
        *("signature", "Abort the specified job", "Args: job_id", "Returns"),
        *("If the job is already done", "If job is not started yet", "If the job is being executed"),
    ),
    "delete_job": (
        *("signature", "Delete the specified job", "Args: job_id", "Returns"),
        *("If the job is being executed", "Everything of the job"),
    ),
    "get_system_info": ("signature",),
    "monitor_job": (
        *("signature", "Monitor the job progress", "- job is done", "- timeout", "- the status_cb returns False"),
        *("Args: job_id", "Args: timeout", "Args: poll_interval", "Args: cb", "Returns", "Every time the cb is called"),
    ),
    "close": ("signature", "Close the session"),
    "job_monitor_cb_signature": ("signature", "Args: session", "Args: job_id", "Args: job_mea", "Args: *args"),
    "MonitorReturnCode": ("members",),
    "ServerInfo": ("__init__", "__str__"),
    "ClientInfo": ("__init__", "__str__"),
    "JobInfo": ("__init__", "__str__"),
    "SystemInfo": ("__init__", "__str__"),
    "NoConnection": (),
    "SessionClosed": (),
    "InvalidArgumentError": (),
    "InvalidJobDefinition": (),
    "JobNotFound": (),
    "JobNotDone": (),
    "InternalError": (),
    "AuthenticationError": (),
    "AuthorizationError": (),
}
"""What can be pointed at, by the name of the method, function or class."""


def is_passage(pointer: str) -> bool:
    """Whether there is what a pointer points at."""
    name, comma, passage = pointer.partition(", ")
    return passage in PASSAGES.get(name, ()) if comma else name in PASSAGES
