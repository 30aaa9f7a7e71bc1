"""`python -m replica`: serve until interrupted."""

import argparse
import shlex
import sys
import threading
from pathlib import Path

import platformdirs

from replica.server import STATES, Replica


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
        command = ("casereviews", "refresh", "--config", str(replica.configure()), "--data", "DIR")
        print(f"  {shlex.join(command)}", file=sys.stderr)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
