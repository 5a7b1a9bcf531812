"""Who may do what, written from NVFLARE's default policy (the master templates of 2.3.12 and 2.9.0) and its groups.

A cell has three marks for a command about a job: of one's own, of a colleague's, of one of another organisation. One
about the system has two: for users of the organisation that the server and its clients belong to, and for others. ``y``
may, ``-`` may not.
"""

from __future__ import annotations

ROLES = ("project_admin", "super", "org_admin", "lead", "member")

# command: the cells in the order of ROLES
JOBS = {
    "get_job_meta": ("yyy", "yyy", "yyy", "yyy", "yyy"),
    "show_stats": ("yyy", "yyy", "yyy", "yyy", "yyy"),
    "show_errors": ("yyy", "yyy", "yyy", "yyy", "yyy"),
    "reset_errors": ("yyy", "yyy", "yyy", "yyy", "yyy"),
    "clone_job": ("yyy", "yyy", "---", "y--", "---"),
    "abort_job": ("yyy", "yyy", "yy-", "y--", "---"),
    "delete_job": ("yyy", "yyy", "yy-", "y--", "---"),
    "download_job": ("yyy", "yyy", "yy-", "y--", "---"),
    "list_job": ("yyy", "yyy", "---", "---", "---"),
    "download_job_components": ("yyy", "yyy", "---", "---", "---"),
    "app_command": ("yyy", "yyy", "---", "---", "---"),
}
SYSTEM = {
    "list_jobs": ("yy", "yy", "yy", "yy", "yy"),
    "check_status": ("yy", "yy", "yy", "yy", "yy"),
    "submit_job": ("yy", "yy", "--", "yy", "--"),
    "report_resources": ("yy", "yy", "y-", "y-", "--"),
    "remove_client": ("yy", "yy", "y-", "y-", "--"),
    "disable_client": ("yy", "yy", "y-", "y-", "--"),
    "enable_client": ("yy", "yy", "y-", "y-", "--"),
    "restart": ("yy", "yy", "y-", "y-", "--"),
    "shutdown": ("yy", "yy", "y-", "y-", "--"),
    "report_version": ("yy", "yy", "--", "--", "--"),
    "admin_check_status": ("yy", "yy", "--", "--", "--"),
}

LINES = {
    **{command: f"{command} {{job}}" for command in JOBS},
    "show_stats": "show_stats {job} all",
    "show_errors": "show_errors {job} all",
    "reset_errors": "reset_errors {job} all",
    "app_command": "app_command {job} topic",
    "list_jobs": "list_jobs",
    "submit_job": "submit_job job",
    "check_status": "check_status server",
    "report_resources": "report_resources client",
    "remove_client": "remove_client site-1",
    "disable_client": "disable_client site-1",
    "enable_client": "enable_client site-1",
    "restart": "restart client",
    "shutdown": "shutdown client",
    "report_version": "report_version server",
    "admin_check_status": "admin_check_status server",
}
"""How each command is given."""

METHODS = {
    "submit_job": "submit_job",
    "submit_definition": "submit_job",
    "clone_job": "clone_job",
    "get_job_meta": "get_job_meta",
    "list_jobs": "list_jobs",
    "download_job_result": "download_job",
    "abort_job": "abort_job",
    "delete_job": "delete_job",
    "get_system_info": "check_status",
    "monitor_job": "get_job_meta",
    "close": None,
}
"""The command that each method of a session stands on."""

WHOSE = ("own", "colleague", "stranger")
FROM = ("here", "elsewhere")


def cells() -> list[tuple[str, str, str, bool]]:
    """Every cell: command, role, whose job or from where, whether they may."""
    return [
        (command, role, where, mark == "y")
        for table, places in ((JOBS, WHOSE), (SYSTEM, FROM))
        for command, row in table.items()
        for role, marks in zip(ROLES, row, strict=True)
        for where, mark in zip(places, marks, strict=True)
    ]
