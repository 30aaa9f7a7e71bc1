"""Every benchmark, one after another: python -m bench [NAME…]."""

import importlib
import platform
import sys
from importlib.metadata import version

NAMES = ("cold", "extract", "refresh", "themes", "search")
MEASURED = ("scrapy", "pdfminer.six", "whoosh")


def main() -> None:
    """Run the named benchmarks, or all of them."""
    versions = ", ".join(f"{name} {version(name)}" for name in MEASURED)
    print(f"Python {platform.python_version()} on {platform.machine()}, {versions}")
    for name in sys.argv[1:] or NAMES:
        print(f"\n== {name}", flush=True)
        module = importlib.import_module(f"bench.{name}")
        sys.argv = [f"bench.{name}"]
        module.main()


if __name__ == "__main__":
    main()
