"""The commands about the server and its clients: how they are, who may take part, starting and ending them."""

from __future__ import annotations
