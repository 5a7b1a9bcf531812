"""The releases of NVFLARE a simulated server can be like: each with its quirks, as data.

A server without a personality keeps the contract.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from flare_sim.personality.personality import KEEPS_CONTRACT, Personality
from flare_sim.personality.quirk_table import QUIRKS
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
from flare_sim.personality.release_rules import RELEASE_RULES, with_quirks
from flare_sim.untrusted_values import plain_list, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["PERSONALITIES", "personality_of"]


_ON_BOTH = (
    BAD_META_BREAKS,
    DELETE_REFUSED,
    IDS_IN_ANY_CASE,
    ABORT_LOST,
    NEGATIVE_LIMIT,
    ANY_SIZE_DOWNLOADS,
    RELATIVE_PATH,
    GPUS_COUNTED,
    LIST_ERRORS_SHOW_USAGE,
    RUN_STAGES,
)
PERSONALITIES: Mapping[str, Personality] = MappingProxyType(
    {
        "nvflare-2.3": Personality(
            "nvflare-2.3",
            "2.3.12",
            frozenset(
                (
                    *_ON_BOTH,
                    LOST_SERVER_INTERNAL,
                    LOST_SESSION_INTERNAL,
                    UNKNOWN_USER_WAITS,
                    BLANK_BREAKS_TRANSFER,
                    LEGACY_APP,
                    NAMELESS_BREAKS_LIST,
                    LIST_ERRORS_INTERNAL,
                    DOWNLOAD_EXACT_ID,
                    WORKSPACE_LATE,
                    NARROW_SPEC_STICKS,
                    OLD_SYSTEM_REPLIES,
                    FEWER_COMMANDS,
                    NO_LATE_LOGIN,
                )
            ),
            RELEASE_RULES["2.3"],
            "cannot connect to FLARE in 10.0 seconds",
        ),
        "nvflare-2.9": Personality(
            "nvflare-2.9",
            "2.9.0",
            frozenset(
                (
                    *_ON_BOTH,
                    ODD_NAME_BREAKS_LIST,
                    DOWNLOAD_REFUSED,
                    DOWNLOADS_NUMBERED,
                    SESSIONS_SURVIVE,
                    ORPHANS_STAY,
                    ABORT_LINGERS,
                    CLIENT_FAILURE_ENDS_RUN,
                    CLIENTS_BACK_SOON,
                    OWN_JOB_ID,
                    META_HAS_STUDY,
                    META_HAS_FORMAT,
                    START_TIME_UTC,
                    ABNORMAL_RUN_TIMED,
                    RESULT_HAS_LOGS,
                    SUBMIT_TOKENS,
                    DELETE_COUNTS_RECORDS,
                    PORTABLE_RESOURCES,
                    SHORTAGE_EXPLAINED,
                )
            ),
            RELEASE_RULES["2.9"],
            "cannot connect to server for 10.0 seconds",
        ),
    }
)
"""Name -> personality."""


def personality_of(name: str | None, quirks: Iterable[str]) -> Personality:
    """Return the personality of that name (None: the one that keeps the contract) with more quirks on top.

    Raises:
        ValueError: no such personality or quirk; the message lists those there are.
    """
    base = KEEPS_CONTRACT if name is None else PERSONALITIES.get(plain_text(name) or "")
    if base is None:
        raise ValueError(f"there is no personality {shown(name)}; known: {', '.join(PERSONALITIES)}")
    given = [quirks] if plain_text(quirks) is not None else plain_list(quirks)
    if given is None:
        raise ValueError(f"quirks must be a list of names, not {shown(quirks)}")
    if not given:
        return base
    for quirk in given:
        if plain_text(quirk) not in QUIRKS:
            raise ValueError(f"there is no quirk {shown(quirk)}; known: {', '.join(QUIRKS)}")
    added = frozenset(map(str.__str__, given))
    return base._replace(quirks=base.quirks | added, rules=with_quirks(base.rules, added))
