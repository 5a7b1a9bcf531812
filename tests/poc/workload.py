"""What a job runs on a live system: copied into the job, and run there by NVFLARE.

The workflow does on the server what the plan of the job says, and asks nothing of the clients.
"""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.impl.controller import Controller
from nvflare.apis.shareable import make_reply


class Workload(Controller):  # type: ignore[misc]
    """Runs for some seconds, leaves a mark in the result, and ends as planned.

    Args:
        seconds: how long it runs.
        mark: the text of a file of the result; without any there is no such file.
        ends: ``COMPLETED``; ``EXECUTION_EXCEPTION`` to fail; ``ABNORMAL`` to let the job's process on the server die.
    """

    def __init__(self, seconds: float = 0.0, mark: str = "", ends: str = "COMPLETED") -> None:
        super().__init__()
        self.seconds = seconds
        self.mark = mark
        self.ends = ends

    def start_controller(self, fl_ctx: Any) -> None:
        """Nothing is to be prepared."""

    def control_flow(self, abort_signal: Any, fl_ctx: Any) -> None:
        """Do what was planned."""
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            if abort_signal.triggered:
                return
            time.sleep(0.05)
        if self.mark:
            engine = fl_ctx.get_engine()
            folder = engine.get_workspace().get_run_dir(fl_ctx.get_job_id())
            with open(os.path.join(folder, "mark.txt"), "w", encoding="utf-8") as file:
                file.write(self.mark)
        if self.ends == "ABNORMAL":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.ends != "COMPLETED":
            self.system_panic("it was planned to fail", fl_ctx)

    def stop_controller(self, fl_ctx: Any) -> None:
        """Nothing is left to end."""

    def process_result_of_unknown_task(
        self, client: Any, task_name: str, client_task_id: str, result: Any, fl_ctx: Any
    ) -> None:
        """There are no tasks."""


class Idle(Executor):  # type: ignore[misc]
    """What clients run, for they have to run something."""

    def execute(self, task_name: str, shareable: Any, fl_ctx: Any, abort_signal: Any) -> Any:
        """Refuse every task."""
        return make_reply(ReturnCode.TASK_UNKNOWN)
