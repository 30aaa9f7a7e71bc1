"""Where a command's output goes: results to stdout, log and progress to stderr."""

import argparse
import json
import sys
from typing import Any

from casereviews.terminal import Terminal, escape_json


def terminal(options: argparse.Namespace) -> Terminal:
    """Standard output as this run may use it."""
    return Terminal.of(sys.stdout, colour=not options.no_color)


def print_json(value: object) -> None:
    """Print a value as JSON; whatever a terminal might act on is escaped."""
    sys.stdout.write(escape_json(json.dumps(value, indent=2, ensure_ascii=False)) + "\n")


def print_json_line(value: dict[str, Any]) -> None:
    """Print a value as one line of JSON Lines."""
    sys.stdout.write(escape_json(json.dumps(value, ensure_ascii=False)) + "\n")
