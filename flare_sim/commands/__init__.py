"""What a server answers: the protocol, the table of commands, and a module for each group of them."""

from __future__ import annotations
