"""Values for the keys of a job's meta, drawn: good ones, at every edge, and of every wrong type."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

__all__ = ["ABSENT", "FIELDS"]

ABSENT: Any = ...
"""The value of a key that is left out."""


def _one_of(text: str, *more: Any) -> st.SearchStrategy[Any]:
    """One of the values written as JSON, blanks between them, or of the others."""
    return st.sampled_from([*map(json.loads, text.split()), *more])


def _objects(keys: str, *values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys.split()), st.one_of(*values), max_size=2)


SCALAR = _one_of('null true false 0 1 -1 2.7 "" "x" "site-1" "@ALL"')
ODD = st.one_of(SCALAR, _one_of('[] {} [1] ["site-1"] {"site-1":1} [null] [[]] {"a":null} [{"sites":["server"]}]'))

SITE = _one_of('"server" "site-1" "site-2" "site-3" "@ALL" "@all" "@All" "Server" "" "\\u0020" "a" "\\u00e9"')
SITES = st.lists(SITE, max_size=4)
NAMED = _one_of('["server","site-1"] ["server","site-1","site-2"] ["site-1","server","site-2","site-3"] ["@ALL"]')
ENTRY = st.one_of(
    SITE, SCALAR, st.fixed_dictionaries({}, optional={"sites": SITES | ODD, "targets": SITES | ODD, "x": ODD})
)
PARTICIPANTS = st.one_of(
    NAMED,
    NAMED,
    SITES,
    SITE,
    st.lists(ENTRY, max_size=3),
    st.builds(lambda key, sites: {key: sites}, st.sampled_from(["sites", "targets"]), NAMED),
    st.builds(lambda sites: [{"sites": sites}], NAMED),
    st.builds(lambda sites: dict.fromkeys(sites, 1), NAMED),
    st.fixed_dictionaries({}, optional={"sites": NAMED | SITES | ODD, "targets": NAMED | SITES | ODD}),
    ODD,
)
APP_NAME = _one_of(
    '"app" "app" "app" "app2" "../app" "" "." "app/config" "App" "a\\u0020b" "-app" "app\\n" "\\u00e9" "sub/app"'
)
DEPLOY_MAP = st.one_of(
    st.builds(lambda sites: {"app": sites}, PARTICIPANTS),
    st.builds(lambda sites: {"app": sites}, PARTICIPANTS),
    st.dictionaries(APP_NAME, PARTICIPANTS, max_size=3),
    _one_of('{"app":["server","site-1"],"app2":["site-2"]} {"app":["server"],"app2":["site-1","site-2"]}'),
    ODD,
)

MIN_CLIENTS = st.one_of(
    _one_of(
        "null true false 0 1 2 3 4 -1 2.0 2.7 0.5 -0.5 1e300 Infinity NaN 1000000 1000001 [] [2] {}", ABSENT, 10**30
    ),
    st.sampled_from(["2", "+2", " 2 ", "2.0", "2_0", "0x2", "-1", "0", "two", "", "\u0662", "9" * 4400]),
    ODD,
)
MANDATORY = st.one_of(
    _one_of('null [] ["site-1"] ["site-1","site-2"] ["site-9"] ["site-9","site-8"] ["server"] ["@ALL"]', ABSENT),
    _one_of('"site-1" "a" "" 1 0 true {} {"site-1":1} {"site-9":1} [1] [null] [["site-1"]] [{}] [true]'),
    ODD,
)

PLACES = "site-1 site-2 site-9 @default server default"
FLAT = _objects(
    "num_of_gpus num_of_cpus memory mem_per_gpu_in_GiB custom",
    _one_of('0 1 2 -1 true null 1.5 "1" "4Gi" "0Gi" "1Ki" "8Ti" "2Mi" "4Gi\\n" [] {}'),
)
DOCKER = _objects(
    "image python_path entrypoint num_of_gpus shm_size privileged device_requests",
    _one_of('null "" "\\u0020" "img" "1g" "1.5Gb" "-1g" 0 2 -1 true [] ["a"] ["a",""] {} 1.5 "1\\u212a"'),
    st.sampled_from(["9" * 400, str(1 << 63), (1 << 63) - 1, 1 << 63]),
)
NATIVE = _objects(
    "num_of_gpus cpu cpu_request memory memory_request nodes gpus_per_node cpus_per_node mem_per_node",
    _one_of('0 1 2 4 true null "1" "4Gi"'),
)
MODES = st.fixed_dictionaries(
    {},
    optional={
        "process": FLAT | ODD,
        "docker": st.one_of(DOCKER, DOCKER, ODD),
        "k8s": st.one_of(NATIVE, NATIVE, ODD),
        "slurm": st.one_of(NATIVE, NATIVE, ODD),
    },
)
GOOD_MODES = st.fixed_dictionaries({}, optional={"docker": DOCKER, "k8s": NATIVE, "slurm": NATIVE})
GPUS = st.builds(lambda count: {"process": {"num_of_gpus": count}}, st.integers(0, 2))
RESOURCES = st.one_of(
    _one_of('null [] "" 0 false true 1 "x" [1] {} {"site-1":null} {"site-1":0} {"site-1":[]}', ABSENT),
    _objects(PLACES, FLAT),
    _objects(PLACES, FLAT, MODES, GPUS),
    _objects(PLACES, FLAT, MODES, ODD),
    st.builds(lambda gpus, modes: {"site-1": {**modes, **gpus}}, GPUS, GOOD_MODES),
)
LAUNCHERS = st.one_of(
    _one_of('null "docker" [] {} 0 true {"site-1":null} {"site-1":{"docker":null}} {"site-1":{"vm":{}}}', ABSENT),
    _objects(PLACES, MODES),
    _objects(PLACES, GOOD_MODES),
)

FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "deploy_map": DEPLOY_MAP,
    "min_clients": MIN_CLIENTS,
    "mandatory_clients": MANDATORY,
    "resource_spec": RESOURCES,
    "launcher_spec": LAUNCHERS,
    "name": _one_of('null "" "other" 5 true [] {} "a/b" "\\u00e9"', ABSENT) | ODD,
    "job_id": _one_of(
        'null "" 0 5 [] ["a"] true "fake" "a\\u0020b" "a/b" "-a" "a\\n" "\\u00e9" ".." "a.b" '
        '"11111111-1111-4111-8111-111111111111"',
        ABSENT,
    ),
    "job_folder_name": ODD,
    "byoc": SCALAR,
    "flower_predeployed": SCALAR,
    "custom_props": ODD | st.just({"mine": 1}),
    "scope": ODD,
    "study": SCALAR,
    "submit_token": SCALAR,
    "note": ODD,
}
"""Key -> what it may be."""
