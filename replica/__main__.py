"""`python -m replica`: serve until interrupted."""

import argparse
import json
import shlex
import sys
import threading
from pathlib import Path

import platformdirs

from replica.server import STATES, Replica
from replica.sites.boards import sources


def main() -> int:
    """Serve on a loopback port; print the address on the first line of stdout."""
    parser = argparse.ArgumentParser(prog="python -m replica", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (default): any free port")
    parser.add_argument("--state", type=int, choices=STATES, help="default: the state served last")
    parser.add_argument(
        "--folder",
        type=Path,
        default=platformdirs.user_cache_path("casereviews") / "replica",
        help="where files and state are kept (default: %(default)s)",
    )
    arguments = parser.parse_args()
    print("building the invented reports if needed …", file=sys.stderr)
    with Replica(arguments.folder, arguments.state, port=arguments.port) as replica:
        print(replica.url, flush=True)
        print(f"serving state {replica.state}; stop with Ctrl-C", file=sys.stderr)
        print("to gather from it, its invented boards included:", file=sys.stderr)
        command = ("casereviews", "refresh", "--config", str(_configure(replica)), "--data", "DIR")
        print(f"  {shlex.join(command)}", file=sys.stderr)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


def _configure(replica: Replica) -> Path:
    """Write a configuration that points at this replica and, in the place of real boards, at its own."""
    lines = [f"replica = {_text(replica.url)}"]
    for source, options in sources().items():
        lines += [f"\n[sources.{source}]", *(f"{name} = {_text(value)}" for name, value in options.items())]
    file = replica.folder.resolve() / "casereviews.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _text(value: str) -> str:
    """A basic string of TOML, which takes what JSON writes."""
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    raise SystemExit(main())
