"""What a job is judged by, as data, and the rules of the contract; ``release_rules`` has those of NVFLARE."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CONTRACT", "SUFFIXES", "JobRules"]


SUFFIXES = (
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
    meta_suffixes: tuple[str, ...] = SUFFIXES
    """What a meta file may end in, the first that is there counts."""
    config_suffixes: tuple[str, ...] = SUFFIXES
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


CONTRACT = JobRules(
    "",
    ("name", "deploy_map", "apps", "min_clients", "mandatory_clients", "resource_spec", "behavior"),
    any_unicode=True,
)
"""What the contract says."""
