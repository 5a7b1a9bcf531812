"""What a job is judged by: the rules of the contract, and those of each release of NVFLARE, as data."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from flare_sim.personality.quirks import BAD_META_BREAKS, LEGACY_APP, LINKS_FOLLOWED, OWN_JOB_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CONTRACT", "RELEASE_RULES", "JobRules"]


_SUFFIXES = (
    *(".json", ".conf", ".yml", ".yaml"),
    *(".json.default", ".conf.default", ".yml.default", ".yaml.default"),
)
"""What files of NVFLARE may end in since 2.4, the first that is there counts."""


class JobRules(NamedTuple):
    """What a server asks of a job, in which order, and how it says no.

    The sources are ``private/fed/server/job_meta_validator.py``, ``apis/utils/job_utils.py`` and, for what a client
    asks before, ``fuel/flare_api/flare_api.py`` of each release.
    """

    release: str
    """Whose rules they are: ``"2.3"`` to ``"2.9"``, empty for the contract's."""
    order: tuple[str, ...]
    """What is looked at, one after the other: names of ``STEPS`` in ``flare_sim.jobs.judging.judge``."""
    meta_suffixes: tuple[str, ...] = _SUFFIXES
    """What a meta file may end in, the first that is there counts."""
    config_suffixes: tuple[str, ...] = _SUFFIXES
    """What an app's configuration may end in, the first that is there counts."""
    any_unicode: bool = False
    """Whether a meta.json may be in UTF-16 or UTF-32, or begin with a byte order mark."""
    reply_prefix: str = ""
    """What stands before the reason of a refusal."""
    unpacks_first: bool = False
    """Whether the server writes the folder's name into meta.json before its validator looks, and fails if it can't."""
    takes_legacy_apps: bool = False
    """Whether a folder without a meta is taken for one app that goes to all sites."""
    sites: str = "listed"
    """How the sites of an app are written: ``"listed"``, a list or an object that has one; ``"iterated"``, whatever can
    be iterated over; ``"mixed"``, the same, in which objects stand for the sites they have; ``"participants"``, text, a
    list of text and objects, or an object that has one."""
    checks_deploy_map: bool = True
    """Whether the server sees that the deploy map is an object, and what its entries have, before it goes into it."""
    name_pattern: str = ""
    """What the names of apps, and an id that a job brings with it, have to match; anything when empty."""
    folder_pattern: str = ""
    """What the name of a job folder has to match; anything when empty."""
    exact_numbers: bool = True
    """Whether ``min_clients`` has to be a whole number, rather than anything that Python makes one of."""
    lists_mandatory: bool = False
    """Whether the scheduler gives up at ``mandatory_clients`` that are no list of text, rather than fall over them."""
    null_resources: bool = True
    """Whether what is null, or empty, in a resource_spec stands for no resources."""
    checks_docker: bool = False
    """Whether what a resource_spec says to Docker has to be the job's to say."""
    checks_own_id: bool = False
    """Whether a ``job_id`` in the meta has to be one."""
    private_keys: tuple[str, ...] = ()
    """What a server takes out of the meta."""
    reads_server_config: bool = False
    """Whether an app's configuration for the server has to be readable."""
    launchers: tuple[str, ...] = ()
    """What a launcher_spec may speak to."""
    marks: tuple[str, ...] = ()
    """What the server notes in the meta when an app is so: ``"byoc"``, it brings code; ``"flower_predeployed"``."""
    trusts_marks: bool = False
    """Whether such a mark that a job brings with it stays."""
    follows_links: bool = False
    """Whether a link to a file outside of the job's folder is read, as NVFLARE's clients do (2.3.12, 2.9.0)."""
    kept_by_clones: tuple[str, ...] = ("name", "deploy_map", "resource_spec", "min_clients", "mandatory_clients")
    """What of a meta a clone has too."""

    @property
    def reads_linked_folders(self) -> bool:
        """Whether what lies in a folder that is linked comes along; NVFLARE's clients send it empty (2.3.12, 2.9.0)."""
        return not self.release

    @property
    def takes_zip_files(self) -> bool:
        """Whether a zip file of a job will do as well; NVFLARE's clients take folders alone (2.3.12, 2.9.0)."""
        return not self.release

    def with_quirks(self, quirks: frozenset[str]) -> JobRules:
        """Return the rules of a server that has these quirks as well."""
        rules = self
        if BAD_META_BREAKS in quirks and not self.release:
            rules = RELEASE_RULES["2.3"]._replace(takes_legacy_apps=False)
        if LEGACY_APP in quirks:
            rules = rules._replace(takes_legacy_apps=True)
        if LINKS_FOLLOWED in quirks:
            rules = rules._replace(follows_links=True)
        if OWN_JOB_ID in quirks and not rules.checks_own_id:
            rules = rules._replace(checks_own_id=True, order=("own_id", *rules.order))
        return rules


_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"

CONTRACT = JobRules(
    "",
    ("name", "deploy_map", "apps", "min_clients", "mandatory_clients", "resource_spec", "behavior"),
    any_unicode=True,
)
"""What the contract says."""

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
    meta_suffixes=_SUFFIXES,
    config_suffixes=_SUFFIXES,
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
