"""What a server answers: the protocol, the table of commands, a module for each group of them, rights and metas."""

from __future__ import annotations
