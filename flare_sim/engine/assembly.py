"""The parts that a server is put together from: loaded with the first, as who only names the class does without."""

from __future__ import annotations

from flare_sim.engine.clients.sites import client_list
from flare_sim.engine.process import Process
from flare_sim.engine.recovery.transactions import Transactions
from flare_sim.engine.runs.behavior import checked_behavior
from flare_sim.engine.state import ServerState

__all__ = ["Process", "ServerState", "Transactions", "checked_behavior", "client_list"]
