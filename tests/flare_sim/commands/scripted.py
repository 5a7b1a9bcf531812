"""Command lines in the situations a server can be in, and its replies, as they are kept beside this module.

``python -m tests.flare_sim.commands.scripted`` writes them anew, for somebody to read what has changed: what servers
of a release say was seen on live ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from flare_sim import Client, Command, NoConnection, SimulatedServer
from flare_sim.disk.contents import whole
from tests.flare_sim.job_samples import behaving, definition

KEPT: Final = Path(__file__).with_name("replies")
PERSONALITIES: Final = {"contract": None, "2.3": "nvflare-2.3", "2.9": "nvflare-2.9"}
NAMES: Final = ("first", "second", "third", "fourth", "fifth", "sixth")
SCRIPT: Final = """
list_jobs
check_status server
submit_job jobs
submit_job jobs --submit-token one
submit_job jobs --submit-token one
submit_job jobs more
submit_job jobs --submit-token
submit_job jobs
list_jobs -x
list_jobs -n
list_jobs -m x
list_jobs a b
list_jobs --submit-token
list_jobs --submit-token one
list_jobs --submit-token two
list_jobs nothing
list_jobs -n first
list_jobs -u
wait 1.4
check_status all
check_status server
check_status client site-2
check_status client nobody
check_status
check_status everybody
list_jobs
list_jobs -d
get_job_meta @first
get_job_meta
get_job_meta @first more
get_job_meta unknown
list_job @first
download_job_components @first
show_errors @first all
show_errors @first client site-1
reset_errors @first all
reset_errors @first server
reset_errors unknown all
show_stats @first server
show_stats @first
app_command @first
app_command @first topic
report_resources all
report_resources client
report_resources server
report_version all
report_version client
restart client
shutdown client
shutdown server
download_job @first
clone_job @first
abort_job @second
abort_job @second
delete_job @second
member abort_job @first
member shutdown all
member submit_job jobs
drop site-2
check_status all
report_resources all
report_version all
show_errors @first all
abort_job @first
abort_job @first
wait 8
abort_job @first
app_command @first topic
show_errors @first all
list_jobs -d
wait 20
list_jobs -r -m 1
download_job @first
show_errors @first all
delete_job @first
submit_job jobs --submit-token one
list_jobs --submit-token one
disable_client
disable_client site-1 nobody
disable_client site-1
wait 8
check_status server
enable_client site-1 nobody
enable_client site-1
wait 8
check_status server
remove_client nobody
remove_client site-1
wait 8
submit_job jobs
wait 3
kill @fourth
check_status client
download_job @fourth
abort_job @third
abort_job @fourth
restart client site-1 site-2
wait 20
restart all
check_status server
wait 40
check_status all
shutdown server
shutdown client site-1
check_status all
shutdown all
bye
"""


def replies(personality: str | None) -> Iterator[list[Any]]:
    """Yield each line of the script with the reply to it, and how many seconds that is on its way."""
    server = SimulatedServer(
        personality=personality, clients=[Client("site-1", {"num_of_gpus": 1, "mem_per_gpu_in_GiB": 8}), "site-2"]
    )
    ids: dict[str, str] = {}
    for line in SCRIPT.strip().splitlines():
        verb, _, rest = line.partition(" ")
        if verb == "wait":
            server.advance(float(rest))
        elif verb == "drop":
            server.faults.drop(rest)
        elif verb == "kill":
            server.faults.kill_job(ids.get(rest, ids["@first"]))
        else:
            user, said = ("member@nvidia.com", rest) if verb == "member" else ("admin@nvidia.com", line)
            command = Command.parse(" ".join(ids.get(word, word) for word in said.split()))
            if command.name == "submit_job":
                name = NAMES[len(ids)]
                runs = behaving(run_seconds=1000, result_files={"left.txt": name})
                command = command._replace(payload=definition(name=name, custom_props=runs, min_clients=1))
            try:
                reply = server.request(server.login(user), command)
            except NoConnection as problem:
                yield [line, str(problem)]
                continue
            if command.name in ("submit_job", "clone_job") and reply.status == "ok":
                ids[f"@{NAMES[len(ids)]}"] = reply.payload["job_id"]
            files = {path: whole(content).decode() for path, content in reply.content}
            yield [line, reply.as_dict(), reply.delay / 1e6, *([files] if files else [])]


def page(personality: str | None) -> str:
    """Return the replies as JSON, each on a line of its own."""
    return "".join(json.dumps(reply) + "\n" for reply in replies(personality))


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for name, personality in PERSONALITIES.items():
        (KEPT / f"{name}.jsonl").write_text(page(personality), encoding="utf-8")
