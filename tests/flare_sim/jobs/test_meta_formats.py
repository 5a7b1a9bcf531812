"""A job's meta as JSON, HOCON or YAML: which file counts, what each release reads, and what is left alone."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flare_sim import InvalidJobDefinition, JobDefinition, SimulatedServer
from flare_sim.jobs.definition import examine
from flare_sim.jobs.formats.hocon import parse_hocon
from flare_sim.jobs.formats.yaml_text import parse_yaml
from flare_sim.personality.job_rules import CONTRACT
from flare_sim.personality.release_rules import RELEASE_RULES
from tests.flare_sim.job_samples import APP_FILES, job_meta, write_files

if TYPE_CHECKING:
    from flare_sim.jobs.problems import Problem

NEWEST = RELEASE_RULES["2.9"]
HOCON = '// a job\nname = small\nresource_spec {}\nmin_clients = 2\ndeploy_map { app = ["@ALL"] }\n'
YAML = "# a job\nname: small\nresource_spec: {}\nmin_clients: 2\ndeploy_map:\n  app: ['@ALL']\n"
TEXTS = {".json": json.dumps(job_meta()), ".conf": HOCON, ".yml": YAML, ".yaml": YAML}
SUFFIXES = [*TEXTS, *(f"{suffix}.default" for suffix in TEXTS)]


def text_of(suffix: str) -> str:
    """A meta in the format of a suffix."""
    return TEXTS[suffix.removesuffix(".default")]


def job(**metas: str | bytes) -> dict[str, str | bytes]:
    """The files of a job whose metas are these: ``json="..."`` is its meta.json."""
    return {**{f"meta.{suffix.replace('_', '.')}": text for suffix, text in metas.items()}, **APP_FILES}


def problem_of(tmp_path: Path, files: dict[str, str | bytes], release: str = "2.9") -> Problem:
    """Why a release refuses a job."""
    folder = write_files(tmp_path / "job", {name: _bytes(content) for name, content in files.items()})
    found = examine(folder, RELEASE_RULES[release]).refusal
    assert found is not None
    return found


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_meta_says_the_same_in_every_format(suffix: str) -> None:
    """Comments and unquoted text are no obstacle, and ``.default`` is read where nothing else is there."""
    made = JobDefinition.from_files({f"meta{suffix}": text_of(suffix), **APP_FILES})

    assert made.meta == job_meta()
    assert (made.name, made.min_clients, made.deploy_map) == ("small", 2, (("app", ("@ALL",)),))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_folder_and_a_zip_file_with_any_meta_are_jobs(suffix: str, tmp_path: Path) -> None:
    """As NVFLARE's own command writes a meta.conf."""
    import shutil

    folder = write_files(tmp_path / "small", {f"meta{suffix}": text_of(suffix), **APP_FILES})
    inside = shutil.make_archive(str(tmp_path / "inside"), "zip", tmp_path, "small")
    flat = shutil.make_archive(str(tmp_path / "flat"), "zip", folder)

    assert [JobDefinition.load(path).meta for path in (folder, inside, flat)] == [job_meta()] * 3


def test_the_first_of_several_metas_counts() -> None:
    """The others are files of the job like any other."""
    texts = {f"meta{suffix}": text_of(suffix).replace("small", suffix) for suffix in SUFFIXES}
    read = []
    while texts:
        read.append(JobDefinition.from_files({**texts, **APP_FILES}).name)
        del texts[f"meta{read[-1]}"]

    assert read == SUFFIXES


def test_a_broken_meta_that_counts_is_not_made_up_for() -> None:
    """The next one is not looked at."""
    with pytest.raises(InvalidJobDefinition, match=r"meta\.json is not JSON"):
        JobDefinition.from_files(job(json="{", conf=HOCON))


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
def test_nvflare_2_3_knows_meta_json_alone(suffix: str, tmp_path: Path) -> None:
    """A folder with another meta is an app to it, as one without any is; the problem names the file."""
    folder = write_files(tmp_path / "small", {f"meta{suffix}": text_of(suffix), **APP_FILES})

    (problem,) = examine(folder, RELEASE_RULES["2.3"]).problems

    assert problem.kind == "meta-missing"
    assert problem.message.endswith(f"has no meta.json; there is 'meta{suffix}', which is not read")
    assert problem.reply == ("invalid_job_def", "ValueError: App small in deploy_map doesn't exist for job small")


def test_nvflare_2_3_knows_no_configuration_but_json(tmp_path: Path) -> None:
    """Whose server refuses config_fed_server.conf, unlike later ones."""
    files = {"meta.json": TEXTS[".json"], **{path.replace(".json", ".conf"): text for path, text in APP_FILES.items()}}
    folder = write_files(tmp_path / "small", files)

    assert [problem.kind for problem in examine(folder, RELEASE_RULES["2.3"]).problems] == ["config-missing"] * 2
    assert examine(folder, NEWEST).refusal is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_only_2_3_reads_json_in_any_unicode(encoding: str, tmp_path: Path) -> None:
    """Later releases take all bytes for UTF-8; the simulator's own server takes what any of them does."""
    folder = write_files(tmp_path / "small", {"meta.json": TEXTS[".json"].encode(encoding), **_bytes_of(APP_FILES)})

    refused = examine(folder, NEWEST).refusal

    assert refused is not None
    assert refused.kind == "meta-unreadable"
    assert refused.reply is not None
    assert refused.reply.status == "invalid_job_def"
    assert examine(folder, RELEASE_RULES["2.3"]).refusal is None
    assert examine(folder, CONTRACT).refusal is None


def _bytes_of(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def test_yaml_may_begin_with_a_byte_order_mark() -> None:
    """As PyYAML lets it; HOCON may not."""
    assert JobDefinition.from_files(job(yml=YAML.encode("utf-8-sig"))).name == "small"
    with pytest.raises(InvalidJobDefinition, match=r"meta\.conf is not HOCON"):
        JobDefinition.from_files(job(conf=HOCON.encode("utf-8-sig")))


@pytest.mark.parametrize(
    ("files", "place", "match"),
    [
        (job(json='{\n  "a": }'), "line 2, column 8", "is not JSON"),
        (job(conf="a = 1\nb = {"), "line 2, column 6", "is not HOCON (Expected '}', found end of text)"),
        (job(conf="a = 1\nb = ${c}"), "line 2, column 5", "has a reference that leads nowhere"),
        (job(yml="a: 1\nb: *c"), "line 2, column 4", "found undefined alias"),
        (job(yml="a: 1\na: 2"), "line 2, column 1", "found duplicate key a"),
    ],
    ids=["json", "conf", "reference", "yml", "twice"],
)
def test_where_a_meta_is_broken_is_told(files: dict[str, str | bytes], place: str, match: str, tmp_path: Path) -> None:
    """By line and column, as far as the parser says."""
    problem = problem_of(tmp_path, files)

    assert problem.place == place
    assert match in problem.message


@pytest.mark.parametrize(
    ("files", "status", "text"),
    [
        (
            job(json="{"),
            "invalid_job_def",
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        (job(conf="{"), "internal_error", "exception <class 'pyparsing.exceptions.ParseSyntaxException'> occurred"),
        (job(conf="a = ${b}"), "internal_error", "exception <class 'pyhocon.exceptions.ConfigSubstitutionException'>"),
        (job(yml="a: ["), "internal_error", "exception <class 'yaml.parser.ParserError'> occurred"),
        (job(yml="a: ${b}"), "invalid_job_def", "Interpolation key 'b' not found"),
        (job(yml="7"), "internal_error", "exception <class 'AssertionError'> occurred"),
        (job(json="[" * 100_000), "internal_error", "exception <class 'RecursionError'> occurred"),
        (job(conf=HOCON.encode() + b"# \xff"), "invalid_job_def", "'utf-8' codec can't decode byte 0xff"),
        (job(conf=HOCON + "age = 5 days"), "internal_error", "exception <class 'TypeError'> occurred"),
        (job(yml=YAML + "key: !!binary aGVsbG8="), "internal_error", "exception <class 'TypeError'> occurred"),
    ],
    ids=str,
)
def test_a_release_refuses_or_falls_over(files: dict[str, str | bytes], status: str, text: str, tmp_path: Path) -> None:
    """What is a ValueError is refused, with its text; over anything else the server falls."""
    reply = problem_of(tmp_path, files).reply

    assert reply is not None
    assert reply.status == status
    assert reply.text.startswith(text)


def test_a_meta_is_kept_as_json_would_say_it() -> None:
    """Which is how a server stores it: keys that are no text become some."""
    kept = JobDefinition.from_files(job(yml=YAML + "ports: {80: open, true: 1, .inf: '${min_clients}'}\n")).meta

    assert kept["ports"] == {"80": "open", "true": 1, "Infinity": 2}


def test_keys_of_the_deploy_map_that_are_no_text_are_told() -> None:
    """They cannot name a folder."""
    with pytest.raises(InvalidJobDefinition, match="7 in deploy_map is not the name of an app folder"):
        JobDefinition.from_files(job(yml="deploy_map: {7: ['@ALL']}"))


def test_no_environment_variable_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same job is the same everywhere: what is not in the text is not set, and YAML may not ask."""
    monkeypatch.setenv("MOST", "7")
    monkeypatch.setenv("min_clients", "7")
    optional = HOCON + "min_clients = ${?MOST}\nother = ${?min_clients}\nmore = ${?more} 1\n"

    assert JobDefinition.from_files(job(conf=optional)).meta == {**job_meta(), "other": 2, "more": 1}
    with pytest.raises(InvalidJobDefinition, match=r"\$\{MOST\}\); an environment variable counts as not set"):
        JobDefinition.from_files(job(conf=HOCON + "most = ${MOST}"))
    for asked in (
        "${oc.env:MOST}",
        "${oc.env:MOST,1}",
        "a ${oc.decode:'1'}",
        "${${name}:x}",
        "[{b: '${oc.env:MOST}'}]",
    ):
        with pytest.raises(InvalidJobDefinition, match="looks up outside of it"):
            JobDefinition.from_files(job(yml=f"{YAML}most: {asked}"))


def test_references_within_the_text_are_followed() -> None:
    """In both languages; a comment or an escape is none."""
    hocon = HOCON + "title = ${name} no. ${min_clients}\nname = other\n"
    yaml = YAML + "title: ${name} no. ${min_clients}\nleft: \\${name}\n# ${oc.env:HOME}\n"

    assert JobDefinition.from_files(job(conf=hocon)).meta["title"] == "other no. 2"
    assert JobDefinition.from_files(job(yml=yaml)).meta["title"] == "small no. 2"
    assert JobDefinition.from_files(job(yml=yaml)).meta["left"] == "${name}"


BOMBS = {
    "json-deep": job(json="[" * 60_000_000),
    "json-long": job(json='{"a": "' + "x" * 60_000_000),
    "conf-large": job(conf="a = 1\n" * 10_000_000),
    "conf-deep": job(conf="a = " + "[" * 5_000 + "]" * 5_000),
    "conf-references": job(conf='a0 = "x"\n' + "\n".join(f"a{n} = ${{a{n - 1}}}${{a{n - 1}}}" for n in range(1, 99))),
    "conf-appended": job(conf="a = [x]\n" + "a = ${a} ${a}\n" * 40),
    "yml-large": job(yml="a: 1\n" * 10_000_000),
    "yml-deep": job(yml="[" * 100_000),
    "yml-nested": job(yml="a: " + "[" * 500 + "]" * 500),
    "yml-aliases": job(yml="\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 1}]" for n in range(30))),
    "yml-merges": job(
        yml="\n".join(f"a{n}: &a{n} {{b{n}: [*a{n - 1}, *a{n - 1}]}}" if n else "a0: &a0 {}" for n in range(99))
    ),
    "yml-itself": job(yml="a: &a [*a]"),
    "yml-references": job(yml="a0: x\n" + "\n".join(f"a{n}: ${{a{n - 1}}}${{a{n - 1}}}" for n in range(1, 99))),
}


@pytest.mark.parametrize("files", BOMBS.values(), ids=BOMBS)
def test_what_is_made_to_burst_is_refused_at_once(files: dict[str, str | bytes]) -> None:
    """Whatever is too large, too deep or would grow without end is a problem told in a line."""
    before = time.process_time()

    with pytest.raises(InvalidJobDefinition) as caught:
        JobDefinition.from_files(files)

    assert len(str(caught.value)) < 300
    assert time.process_time() - before < 10


def test_a_meta_in_yaml_is_taken_with_a_warning(tmp_path: Path) -> None:
    """A server that has nothing but NVFLARE can't read it."""
    folder = write_files(tmp_path / "small", {"meta.yml": YAML, **APP_FILES})

    problems = examine(folder, NEWEST).problems

    assert [(problem.kind, problem.warning) for problem in problems] == [("needs-omegaconf", True)]


@pytest.mark.parametrize(("suffix", "broken"), [(".json", "{"), (".conf", "{"), (".yml", "a: ["), (".json", b"\xff")])
def test_2_9_reads_the_servers_configuration(suffix: str, broken: str | bytes, tmp_path: Path) -> None:
    """And refuses a job whose it can't read; the clients' it leaves to them."""
    folder = "app/config/config_fed"
    files = {"meta.json": TEXTS[".json"], f"{folder}_server{suffix}": broken, f"{folder}_client.json": "{"}

    problem = problem_of(tmp_path, files)

    assert (problem.kind, problem.file) == ("config-unreadable", f"{folder}_server{suffix}")
    assert problem.reply is not None
    assert examine(str(tmp_path / "job"), CONTRACT).refusal is None


def test_a_configuration_the_simulator_does_not_read_is_let_pass(tmp_path: Path) -> None:
    """It runs no workflow, so what is in it does not matter to it."""
    files = {"meta.json": TEXTS[".json"], **APP_FILES}
    del files["app/config/config_fed_server.json"]
    files["app/config/config_fed_server.conf"] = 'include "common.conf"'
    folder = write_files(tmp_path / "small", files)

    assert [problem.warning for problem in examine(folder, NEWEST).problems] == [True]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_job_with_any_meta_runs_is_cloned_and_handed_out(suffix: str, tmp_path: Path) -> None:
    """The meta comes back as it was written."""
    folder = write_files(tmp_path / "small", {f"meta{suffix}": text_of(suffix), **APP_FILES})
    with SimulatedServer() as server:
        session = server.connect(download_dir=str(tmp_path / "results"))
        clone = session.clone_job(session.submit_job(folder))
        session.monitor_job(clone)
        result = session.download_job_result(clone)

        assert session.get_job_meta(clone)["name"] == "small"
    found = [path.read_text() for path in Path(result).rglob(f"meta{suffix}")]
    assert text_of(suffix) in found


def test_parsers_are_loaded_for_their_own_formats_alone(tmp_path: Path) -> None:
    """Whoever writes JSON waits for no other parser."""
    for suffix in (".json", ".conf", ".yml"):
        write_files(tmp_path / suffix[1:], {f"meta{suffix}": text_of(suffix), **APP_FILES})
    program = (
        "import sys; from flare_sim import JobDefinition\n"
        "for suffix in ('json', 'conf', 'yml'):\n"
        f"    JobDefinition.load({str(tmp_path)!r} + '/' + suffix)\n"
        "    print(*sorted({'omegaconf', 'pyhocon', 'pyparsing', 'yaml'} & set(sys.modules)), sep=',')\n"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert told.splitlines() == ["", "pyhocon,pyparsing", "omegaconf,pyhocon,pyparsing,yaml"]


def test_both_languages_say_what_json_says() -> None:
    """JSON is YAML, and as good as HOCON."""
    text = json.dumps({"a": [1, -2.5, True, None, "x y", {"b": {}}], "c.d": ""})

    assert parse_hocon(text) == parse_yaml(text) == json.loads(text)
