"""What each release of NVFLARE judges jobs by, as data."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from flare_sim.personality.job_rules import CONTRACT, SUFFIXES, JobRules
from flare_sim.personality.quirks import BAD_META_BREAKS, LEGACY_APP, LINKS_FOLLOWED, OWN_JOB_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RELEASE_RULES", "with_quirks"]

_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"

_2_3 = JobRules(
    "2.3",
    ("deploy_map", "apps", "min_clients", "resource_spec", "mandatory_clients", "behavior"),
    meta_suffixes=(".json",),
    config_suffixes=(".json",),
    any_unicode=True,
    reply_prefix="ValueError: ",
    unpacks_first=True,
    takes_legacy_apps=True,
    sites="iterated",
    checks_deploy_map=False,
    exact_numbers=False,
)
_2_4 = _2_3._replace(
    release="2.4",
    order=("deploy_map", "apps", "min_clients", "resource_spec", "mandatory_clients", "stored_id", "behavior"),
    meta_suffixes=SUFFIXES,
    config_suffixes=SUFFIXES,
    any_unicode=False,
    reply_prefix="",
    unpacks_first=False,
    takes_legacy_apps=False,
)
_2_5 = _2_4._replace(release="2.5", marks=("byoc",), trusts_marks=True)
_2_6 = _2_5._replace(release="2.6", sites="mixed")
_2_7 = _2_6._replace(release="2.7", sites="participants")
_2_8 = _2_7._replace(
    release="2.8",
    order=(
        "own_id",
        "deploy_map",
        "apps",
        "min_clients",
        "resource_spec",
        "launcher_spec",
        "mandatory_clients",
        "behavior",
    ),
    checks_deploy_map=True,
    name_pattern=_NAME,
    folder_pattern=_NAME,
    checks_own_id=True,
    private_keys=("from_hub_site", "submit_token"),
    launchers=("docker", "k8s", "process"),
    trusts_marks=False,
    kept_by_clones=(*CONTRACT.kept_by_clones, "byoc"),
)
_2_9 = _2_8._replace(
    release="2.9",
    order=(
        "own_id",
        "deploy_map",
        "apps",
        "min_clients",
        "resource_spec",
        "portable_resources",
        "launcher_spec",
        "resource_conflicts",
        "mandatory_clients",
        "behavior",
    ),
    lists_mandatory=True,
    null_resources=False,
    checks_docker=True,
    private_keys=("submit_token",),
    reads_server_config=True,
    launchers=("docker", "k8s", "process", "slurm"),
    marks=("byoc", "flower_predeployed"),
)

RELEASE_RULES: Mapping[str, JobRules] = MappingProxyType(
    {rules.release: rules for rules in (_2_3, _2_4, _2_5, _2_6, _2_7, _2_8, _2_9)}
)
"""Release -> its rules; the later ones by what is other than in the release before."""


def with_quirks(rules: JobRules, quirks: frozenset[str]) -> JobRules:
    """Return the rules of a server that has these quirks as well."""
    if BAD_META_BREAKS in quirks and not rules.release:
        rules = RELEASE_RULES["2.3"]._replace(takes_legacy_apps=False)
    if LEGACY_APP in quirks:
        rules = rules._replace(takes_legacy_apps=True)
    if LINKS_FOLLOWED in quirks:
        rules = rules._replace(follows_links=True)
    if OWN_JOB_ID in quirks and not rules.checks_own_id:
        rules = rules._replace(checks_own_id=True, order=("own_id", *rules.order))
    return rules
