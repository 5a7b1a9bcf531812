"""A badge for a README: an SVG of its own, and the JSON that shields.io's endpoint badge reads."""

from __future__ import annotations

import json
from html import escape

from contract_tests.contract.verdict import Overall
from contract_tests.engine.report import Report

_COLORS = {  # green for nothing but all of it, grey for what was not shown
    Overall.CONFORMANT: ("#2e7d32", "brightgreen"),
    Overall.WITH_DEVIATIONS: ("#9a6700", "yellow"),
    Overall.AT_LEVEL: ("#0969da", "blue"),
    Overall.UNPROVEN: ("#6e7781", "lightgrey"),
    Overall.PARTIAL: ("#6e7781", "lightgrey"),
    Overall.NON_CONFORMANT: ("#c62828", "red"),
    Overall.ERROR: ("#7b1fa2", "purple"),
}

LABEL = "FLARE API"


def message(report: Report) -> str:
    """What the badge says: the headline, and what it rests on."""
    return f"{report.conclusion}, {report.conclusion.extent}"


def shields_json(report: Report) -> str:
    """The badge as the JSON of a shields.io endpoint."""
    told = {"schemaVersion": 1, "label": LABEL, "message": message(report), "color": _COLORS[report.verdict][1]}
    return json.dumps(told, indent=2) + "\n"


def svg(report: Report) -> str:
    """The badge as a self-contained SVG."""
    text = message(report)
    left, right = _width(LABEL), _width(text)
    title = escape(f"{LABEL}: {text}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{title}">'
        f"<title>{title}</title>"
        f'<clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#424242"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_COLORS[report.verdict][0]}"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="14" textLength="{left - 12}">{LABEL}</text>'
        f'<text x="{left + right / 2:g}" y="14" textLength="{right - 12}">{escape(text)}</text></g></svg>\n'
    )


def _width(text: str) -> int:
    """Pixels for a text of 11 px, with its margins; the text is stretched to fit."""
    return round(len(text) * 6.3) + 12
