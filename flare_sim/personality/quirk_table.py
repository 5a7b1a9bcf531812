"""The quirks of real servers: each with its name, a sentence, and where it was seen.  All of it is data."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from flare_sim.personality.quirks import (
    ABNORMAL_RUN_TIMED,
    ABORT_LINGERS,
    ABORT_LOST,
    ANY_SIZE_DOWNLOADS,
    BAD_META_BREAKS,
    BLANK_BREAKS_TRANSFER,
    CLIENT_FAILURE_ENDS_RUN,
    CLIENTS_BACK_SOON,
    DELETE_COUNTS_RECORDS,
    DELETE_REFUSED,
    DOWNLOAD_EXACT_ID,
    DOWNLOAD_REFUSED,
    DOWNLOADS_NUMBERED,
    FEWER_COMMANDS,
    GPUS_COUNTED,
    IDS_IN_ANY_CASE,
    LEGACY_APP,
    LINKS_FOLLOWED,
    LIST_ERRORS_INTERNAL,
    LIST_ERRORS_SHOW_USAGE,
    LOST_SERVER_INTERNAL,
    LOST_SESSION_INTERNAL,
    META_HAS_FORMAT,
    META_HAS_STUDY,
    NAMELESS_BREAKS_LIST,
    NARROW_SPEC_STICKS,
    NEGATIVE_LIMIT,
    NO_LATE_LOGIN,
    ODD_NAME_BREAKS_LIST,
    OLD_SYSTEM_REPLIES,
    ORPHANS_STAY,
    OWN_JOB_ID,
    PORTABLE_RESOURCES,
    RELATIVE_PATH,
    RESULT_HAS_LOGS,
    RUN_STAGES,
    SESSIONS_SURVIVE,
    SHORTAGE_EXPLAINED,
    START_TIME_UTC,
    SUBMIT_TOKENS,
    UNKNOWN_USER_WAITS,
    WORKSPACE_LATE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["QUIRKS", "Quirk"]

_R23, _R29 = "2.3.12", "2.9.0"


class Quirk(NamedTuple):
    """One way in which real servers differ."""

    name: str
    """What it is switched on by."""
    story: str
    """What such a server does, in a sentence."""
    source: str
    """Where it was seen: number of an observation in the recording of a release, or a place in NVFLARE's code."""


_TABLE = (
    Quirk(
        DELETE_REFUSED,
        "delete_job of a job that is DISPATCHED or RUNNING is refused with JobNotDone, and the job goes on",
        f"{_R23} #220, #254; {_R29} #173",
    ),
    Quirk(
        ABORT_LOST,
        "an abort while the job is deployed or DISPATCHED shows FINISHED:ABORTED until the next step, and then the "
        "job runs all the same",
        f"{_R23} #257, #499; {_R29} private/fed/server/job_runner.py: the status is not looked at again",
    ),
    Quirk(
        NEGATIVE_LIMIT,
        "a negative limit of list_jobs leaves out so many of the oldest jobs",
        f"{_R23} #216; {_R29} #250",
    ),
    Quirk(
        ANY_SIZE_DOWNLOADS,
        "a result is downloaded however large it is; nobody is told a location",
        f"{_R23} MAX_DOWNLOAD_JOB_SIZE in private/fed/server/job_cmds.py (about 63 GB); {_R29} no limit at all",
    ),
    Quirk(
        RELATIVE_PATH,
        "a relative path of a job is joined to the upload folder, even when it exists where it stands (RuntimeError)",
        f"{_R23} #134; {_R29} push_folder in fuel/hci/client/file_transfer.py",
    ),
    Quirk(
        LOST_SERVER_INTERNAL,
        "a server that is gone is an InternalError for open sessions, not NoConnection",
        f"{_R23} #380 to #396",
    ),
    Quirk(
        LOST_SESSION_INTERNAL,
        "a session the server does not know any more gets InternalError (session_inactive) for good, not SessionClosed",
        f"{_R23} #402 to #406",
    ),
    Quirk(
        UNKNOWN_USER_WAITS,
        "a user nobody knows finds no server: NoConnection when the time is up, not AuthenticationError",
        f"{_R23} #13, #320",
    ),
    Quirk(
        BLANK_BREAKS_TRANSFER,
        "a blank in a job's path or in the id of a download is a syntax error (InternalError)",
        f"{_R23} #34, #58",
    ),
    Quirk(
        BAD_META_BREAKS,
        "a job that the validator does not reckon with, such as one with a meta that is no object or an app for the "
        "server alone, is an InternalError that names what was raised, not InvalidJobDefinition; alone it brings the "
        "rules of 2.3.12, where an empty folder and a meta.json that is not JSON are such jobs as well",
        f"{_R23} #21, #24, #25; apis/utils/job_utils.py; {_R29} private/fed/server/job_meta_validator.py",
    ),
    Quirk(
        LEGACY_APP,
        "a folder without meta.json is taken for one app, which goes to all sites",
        f"{_R23} #22, #147, #148",
    ),
    Quirk(
        NAMELESS_BREAKS_LIST,
        "one job without a name in its meta, and a list by name prefix is an InternalError for everybody",
        f"{_R23} #150",
    ),
    Quirk(
        ODD_NAME_BREAKS_LIST,
        "one job whose name is no text, and every list of jobs is an InternalError for everybody",
        f"{_R29} private/fed/server/job_cmds.py: _job_match turns it into lower case",
    ),
    Quirk(
        LIST_ERRORS_INTERNAL,
        "options that list_jobs does not know are an internal error, not a syntax error",
        f"{_R23} #91",
    ),
    Quirk(
        LIST_ERRORS_SHOW_USAGE,
        "what list_jobs says of options that it does not know ends with those it does know",
        f"{_R23} #91; {_R29} #255, #526",
    ),
    Quirk(
        IDS_IN_ANY_CASE,
        "the id of a job may be written in any case, and so may its beginning for a list",
        f"{_R23} private/fed/server/job_cmds.py and cmd_utils.py, {_R29} job_cmds.py turn it into lower case",
    ),
    Quirk(
        DOWNLOAD_EXACT_ID,
        "download_job_result alone needs the id in lower case, where it may be in any; else it is an InternalError",
        f"{_R23} download_job in private/fed/server/job_cmds.py takes the id as it came",
    ),
    Quirk(
        WORKSPACE_LATE,
        "the workspace of an aborted run is in the store only two seconds after its status is final; until then "
        "get_system_info lists it and nothing may be restarted",
        f"{_R23} #433; seen live",
    ),
    Quirk(
        DOWNLOAD_REFUSED,
        "download_job_result of a job that is not done is refused with JobNotDone",
        f"{_R29} #107",
    ),
    Quirk(
        DOWNLOADS_NUMBERED,
        "a second download of a job goes into a folder of its own, <id>__1, and so on",
        f"{_R29} #124",
    ),
    Quirk(
        SESSIONS_SURVIVE,
        "a session works on after the server was killed and started again",
        f"{_R29} #486, #536, #537",
    ),
    Quirk(
        ORPHANS_STAY,
        "a job that was under way when the server was killed keeps its status for ever: aborting it is an "
        "InternalError, deleting it JobNotDone; clients go on with it for five seconds after they are back",
        f"{_R29} #489, #492, #494; clients: seen live",
    ),
    Quirk(
        CLIENTS_BACK_SOON,
        "clients are back five seconds after a server that crashed was started again, not half a minute",
        f"{_R29} #490; seen live: 1 and 9 seconds",
    ),
    Quirk(
        ABORT_LINGERS,
        "an aborted run goes on saying RUNNING, and may not be deleted, for six seconds after abort_job has returned; "
        "aborting it again signals again",
        f"{_R29} #226 to #230",
    ),
    Quirk(
        CLIENT_FAILURE_ENDS_RUN,
        "a client's part that raises (outcome CLIENT_EXCEPTION) ends the run with FINISHED:ABNORMAL; elsewhere the "
        "job runs on until somebody aborts it",
        f"{_R29} #334, #336; runs on: {_R23} #283 to #286",
    ),
    Quirk(
        OWN_JOB_ID,
        "a job_id in a job's meta becomes its id; one that is no UUID is listed, but every command says JobNotFound",
        f"{_R29} #159 to #161, #238, #535",
    ),
    Quirk(
        META_HAS_STUDY,
        "metas and lists name the study, default",
        f"{_R29} #110, #243",
    ),
    Quirk(
        META_HAS_FORMAT,
        "metas name the storage format, 2",
        f"{_R29} #110",
    ),
    Quirk(
        START_TIME_UTC,
        "start_time in a meta is ISO 8601 in UTC, not local time without a zone",
        f"{_R29} #112",
    ),
    Quirk(
        ABNORMAL_RUN_TIMED,
        "a run that ended with FINISHED:ABNORMAL has a duration",
        f"{_R29} #336",
    ),
    Quirk(
        RESULT_HAS_LOGS,
        "a result has the job's meta.json at its top, and more logs in its workspace",
        f"{_R29} #123",
    ),
    Quirk(
        SUBMIT_TOKENS,
        "a job sent again with the same submit token makes no second job; another job with it, or one that was "
        "deleted since, is refused",
        f"{_R29} #141 to #145, #153",
    ),
    Quirk(
        GPUS_COUNTED,
        "a client that declares no resources has no GPUs, so that a job which asks it for some waits; of GPUs that are "
        "declared, jobs use up the memory they ask for on each",
        f"seen live on {_R23} and {_R29}; app_common/resource_managers/gpu_resource_manager.py, of the kits' "
        "resources.json",
    ),
    Quirk(
        NARROW_SPEC_STICKS,
        "a job that too few sites have the resources for, whose resource_spec leaves out a site that would do, stays "
        "SUBMITTED without a schedule history, and so do the jobs behind it, until it is aborted",
        f"seen live on {_R23}; cancel_client_resources in private/fed/server/server_engine.py",
    ),
    Quirk(
        PORTABLE_RESOURCES,
        "a resource_spec may speak for all sites (@default) or name launchers; CPUs and memory are not for clients to "
        "grant, and 0 GPUs are none asked for",
        f"{_R29} get_resource_manager_spec in utils/job_launcher_utils.py; seen live",
    ),
    Quirk(
        SHORTAGE_EXPLAINED,
        "a schedule history that tells of missing resources goes on with what clients said about it",
        f"seen live on {_R29}; app_common/job_schedulers/job_scheduler.py",
    ),
    Quirk(
        RUN_STAGES,
        "a run begins and ends on clients in its own time, which check_status client tells, and get_system_info lets "
        "go of it three quarters of a second before its status is final; restart and delete_job are refused until "
        "then; an abort waits for those processes alone that are there",
        f"seen live on {_R23} and {_R29}; run_processes and running_jobs in private/fed/server/job_runner.py; "
        f"{_R23} #286; {_R29} #228, #506",
    ),
    Quirk(
        OLD_SYSTEM_REPLIES,
        "replies to commands about the system do not say of what kind an error is and have no status of clients in "
        "their meta; restarts and shutdowns take other times",
        f"seen live on {_R23}; private/fed/server/training_cmds.py",
    ),
    Quirk(
        FEWER_COMMANDS,
        "commands that came with later releases, such as disable_client and report_version, are not found",
        f"seen live on {_R23}",
    ),
    Quirk(
        NO_LATE_LOGIN,
        "a server that was told to shut down or restart lets nobody in any more, while open sessions go on for half a "
        "second",
        f"seen live on {_R23}",
    ),
    Quirk(
        LINKS_FOLLOWED,
        "a link in a job folder to a file that lies elsewhere is sent as that file; no personality does so unless "
        "asked, as whatever the process may read would get into jobs, and from there into results",
        f"zip_directory_to_bytes in fuel/utils/zip_utils.py of {_R23} and {_R29}",
    ),
    Quirk(
        DELETE_COUNTS_RECORDS,
        "the reply to delete_job says how many submission records it marked",
        f"{_R29} #169, #234",
    ),
)

QUIRKS: Mapping[str, Quirk] = MappingProxyType({quirk.name: quirk for quirk in _TABLE})
"""Name -> quirk, in the order of the table."""
