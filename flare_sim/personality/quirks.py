"""What real servers do differently from what the interface states, by name: ``quirk_table`` says of each what it is.

A quirk is one deviation, or one thing of a release that other releases do not have.  What it does is decided where the
server looks for its name.
"""

from __future__ import annotations

from typing import Final

ABNORMAL_RUN_TIMED: Final = "abnormal-run-has-duration"
ABORT_LINGERS: Final = "abort-lingers"
ABORT_LOST: Final = "abort-lost-before-running"
ANY_SIZE_DOWNLOADS: Final = "any-size-downloads"
BAD_META_BREAKS: Final = "bad-meta-breaks-server"
BLANK_BREAKS_TRANSFER: Final = "blank-breaks-transfer"
CLIENTS_BACK_SOON: Final = "clients-back-soon"
CLIENT_FAILURE_ENDS_RUN: Final = "client-failure-ends-run"
DELETE_REFUSED: Final = "delete-refused-while-running"
DELETE_COUNTS_RECORDS: Final = "delete-counts-records"
DOWNLOAD_EXACT_ID: Final = "download-needs-exact-id"
DOWNLOAD_REFUSED: Final = "download-refused-until-done"
DOWNLOADS_NUMBERED: Final = "downloads-numbered"
FEWER_COMMANDS: Final = "knows-fewer-commands"
GPUS_COUNTED: Final = "clients-count-gpus"
IDS_IN_ANY_CASE: Final = "ids-in-any-case"
LEGACY_APP: Final = "legacy-app-accepted"
LINKS_FOLLOWED: Final = "links-followed"
LIST_ERRORS_INTERNAL: Final = "list-errors-are-internal"
LIST_ERRORS_SHOW_USAGE: Final = "list-errors-show-usage"
LOST_SERVER_INTERNAL: Final = "lost-server-is-internal-error"
LOST_SESSION_INTERNAL: Final = "lost-session-is-internal-error"
META_HAS_FORMAT: Final = "meta-has-storage-format"
META_HAS_STUDY: Final = "meta-has-study"
NAMELESS_BREAKS_LIST: Final = "nameless-job-breaks-name-prefix"
NARROW_SPEC_STICKS: Final = "narrow-spec-stops-scheduler"
NEGATIVE_LIMIT: Final = "negative-limit-drops-oldest"
NO_LATE_LOGIN: Final = "no-login-at-the-end"
OLD_SYSTEM_REPLIES: Final = "older-system-replies"
ODD_NAME_BREAKS_LIST: Final = "odd-name-breaks-list"
ORPHANS_STAY: Final = "orphans-stay-running"
OWN_JOB_ID: Final = "own-job-id-honoured"
PORTABLE_RESOURCES: Final = "portable-resources"
RELATIVE_PATH: Final = "relative-path-from-upload-dir"
RESULT_HAS_LOGS: Final = "result-has-meta-and-logs"
RUN_STAGES: Final = "runs-have-stages"
SESSIONS_SURVIVE: Final = "sessions-survive-restart"
SHORTAGE_EXPLAINED: Final = "shortage-explained"
START_TIME_UTC: Final = "start-time-in-utc"
SUBMIT_TOKENS: Final = "submit-tokens-honoured"
UNKNOWN_USER_WAITS: Final = "unknown-user-cannot-connect"
WORKSPACE_LATE: Final = "workspace-saved-late"

NO_QUIRKS: Final[frozenset[str]] = frozenset()
"""What a server does differently that keeps the contract."""
