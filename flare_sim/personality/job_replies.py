"""What servers answer to a job that they refuse: the short texts of each release, as templates."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["reply_text"]

_ILL_FORMATTED = "name={name} is ill-formatted for entity_type=job_name based on regex_pattern={pattern}"

_NO_META = (
    "meta.[json|conf|yml] not existing for job {job}, possible in legacy job format.  Please upgrade the job structure."
)
_NEWEST: Mapping[str, str] = MappingProxyType(
    {
        "meta-missing": _NO_META,
        "empty-meta": _NO_META,
        "job-id-no-text": "job_id must be a non-empty string",
        "job-id-invalid": f"invalid job_id '{{name}}': {_ILL_FORMATTED}",
        "deploy-map-missing": "deploy_map is empty for job {job}",
        "deploy-map-no-object": "deploy_map must be a dictionary for job {job}",
        "app-name": f"invalid job app name '{{name}}': {_ILL_FORMATTED}",
        "app-name-empty": "job app name must be a non-empty string",
        "entry-keys": "Unknown keys {keys} in deploy_map entry for job {job}. Valid keys are: ['sites', 'targets']",
        "app-keys": "invalid participant entry keys {keys}: expected 'targets' or 'sites'",
        "app-type": "participants must be list/str/dict, but got {type}",
        "entry-sites": "site list must be list in participant entry {entry}: expected 'targets' or 'sites'",
        "entry-type": "Must be type of str or dict, but got {type}",
        "deploy-map-empty": "No site is specified in deploy_map for job {job}",
        "deploy-map-all": "No other site can be specified if @ALL is used for job {job}",
        "deploy-map-no-server": "Missing server site in deploy_map for job {job}",
        "deploy-map-twice": "Multiple apps to be deployed to following sites {sites} for job {job}",
        "app-missing": "App '{app}' in deploy_map doesn't exist for job {job}",
        "config-missing": "App '{app}' will be deployed to {side} but {side} config is missing",
        "min-clients-no-number": "{failure}",
        "min-clients-low": "min_clients {number} must be positive for job {job}",
        "min-clients-high": "min_clients {number} must be less than {most}  for job {job}",
        "min-clients-more": "min {number} clients required for job {job}, found {found}.",
        "resource-spec": "Invalid resource_spec for job {job}",
        "resource-spec-site": "value for key {site} in resource spec is expecting a dictionary",
        "launcher-spec": "launcher_spec for job {job} must be a dict",
        "launcher-spec-site": "launcher_spec['{site}'] for job {job} must be a dict",
        "launcher-mode": "launcher_spec['{site}'] for job {job} contains unknown launcher mode '{mode}'; "
        "valid modes: {modes}",
        "launcher-spec-mode": "launcher_spec['{site}']['{mode}'] for job {job} must be a dict",
        "docker-no-object": "{label} for job {job} must be a dict",
        "docker-options": "{label} for job {job} contains unsupported job-controlled Docker option(s) {options}; "
        "allowed options: {allowed}",
        "docker-value": "{label} for job {job} field '{option}' {wanted}",
        "default-fields": "resource_spec['@default'] contains unsupported field(s): {fields}",
        "portable-value": "resource_spec['{site}'].{field} must be {wanted}",
        "gpus-twice": "legacy process num_of_gpus ({gpus}) must match launcher_spec {mode} num_of_gpus ({others}) "
        "for site '{site}'",
        "gpus-slurm": "legacy process num_of_gpus ({gpus}) must match launcher_spec slurm total GPUs ({others}) "
        "for site '{site}'",
        "portable-twice": "portable resource '{field}' conflicts with launcher_spec {mode} field(s) {fields} {where}",
        "mandatory-clients": "Mandatory clients {clients} are not in the deploy_map for job {job}",
    }
)
"""What is told -> what a server of the newest release says of it."""

_OLDER: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "2.3": {
            "meta-missing": "meta.json is empty for job {job}",
            "empty-meta": "deploy_map is empty for job {job}",
            "app-missing": "App {app} in deploy_map doesn't exist for job {job}",
            "config-missing": "App {app} will be deployed to {side} but {side} config is missing",
        },
        "2.6": {"entry-type": "Must be tye of str or dict, but got {type}"},
    }
)
"""Release -> what it says otherwise."""


def reply_text(release: str, told: str, facts: Mapping[str, object]) -> str | None:
    """Return what a server of a release says, None when it says nothing of the kind."""
    template = _OLDER.get(release, {}).get(told) or _NEWEST.get(told)
    return None if template is None else template.format(**facts)
