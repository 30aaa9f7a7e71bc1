"""A search from a new process, as a multiple of bare Python.

python -m bench.cold
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.refresh import refresh
from replica import Replica

RUNS = 15


def seconds(command: Sequence[str]) -> float:
    """Wall time of one process, in seconds."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "NO_COLOR": "1"})
    return time.perf_counter() - start


def main() -> None:
    """Print the medians of interleaved runs."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with Replica(Path(folder) / "replica", state=1) as replica:
            refresh(data, replica.configure())
        program = str(Path(sys.executable).parent / "casereviews")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "two words": [program, "search", "neglect supervision", "--data", str(data)],
            "a phrase": [program, "search", '"professional curiosity"', "--data", str(data)],
            "JSON with two facets": [
                program, "search", "neglect", "--facet", "year", "--facet", "type", "--format", "json",
                "--data", str(data),
            ],
            "show one page": [program, "show", "govuk:433d95e4", "--page", "3", "--data", str(data)],
        }  # fmt: skip
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(RUNS):
            for name, command in commands.items():
                times[name].append(seconds(command))
    bare = statistics.median(times["python -c pass"])
    print(f"{'Cold command':24}{'ms':>8}{'x bare Python':>16}")
    for name, values in times.items():
        print(f"{name:24}{statistics.median(values) * 1000:>8.0f}{statistics.median(values) / bare:>16.1f}")


if __name__ == "__main__":
    main()
