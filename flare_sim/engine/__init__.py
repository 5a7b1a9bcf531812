"""How time moves jobs: timeline, scheduler, clients, the jobs a server holds, and the runner that moves them."""

from __future__ import annotations
