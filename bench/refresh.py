"""A refresh of the bundled replica, and a second one with nothing changed: what it asks, moves and does again.

python -m bench.refresh
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from replica import Replica


def refresh(data: Path, configuration: Path) -> dict[str, Any]:
    """One refresh in a process of its own: its digest, seconds of wall and of processor time."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "casereviews", "refresh", "--format", "json", "--data", str(data),
         "--config", str(configuration)],
        capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"digest": json.loads(done.stdout), "wall": wall, "processor": processor}


def work(digest: dict[str, Any]) -> dict[str, int]:
    """What a digest says was done."""
    sources = digest["sources"]
    total = {name: sum(s[name] for s in sources) for name in ("found", "requests", "not_modified", "bytes")}
    total["documents fetched"] = sum(s["documents"]["fetched"] for s in sources)
    index = digest.get("index") or {}
    total["documents read"] = index.get("documents_extracted", 0)
    total["pages indexed"] = index.get("pages_indexed", 0)
    return total


def main() -> None:
    """Print the first and the unchanged refresh side by side."""
    with tempfile.TemporaryDirectory() as folder, Replica(Path(folder) / "replica", state=1) as replica:
        first, second = (refresh(Path(folder) / "data", replica.configure()) for _ in range(2))
    print(f"{'Refresh of the replica':24}{'first':>12}{'unchanged':>12}{'share':>8}")
    rows = {**work(first["digest"])}
    again = work(second["digest"])
    for name, value in rows.items():
        share = f"{again[name] / value:.0%}" if value else "-"
        print(f"{name:24}{value:>12,}{again[name]:>12,}{share:>8}")
    for name in ("wall", "processor"):
        print(f"{name + ' seconds':24}{first[name]:>12.1f}{second[name]:>12.1f}{second[name] / first[name]:>8.0%}")


if __name__ == "__main__":
    main()
