"""One frozen Settings from flags, the environment and casereviews.toml, in that order of precedence."""

import ast
import inspect
import ipaddress
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from casereviews.errors import UsageError

ENVIRONMENT_PREFIX = "CASEREVIEWS_"


@dataclass(frozen=True)
class Settings:
    """What a run may be told; each field is a key of casereviews.toml and `CASEREVIEWS_<KEY>`."""

    data: Path
    """The data folder: `archive/` (cannot be rebuilt), `index/` and `cache/` (can)."""
    replica: str | None = None
    """Loopback address that stands for the whole web, as `http://127.0.0.1:PORT`."""
    contact: str | None = None
    """E-mail or page for site owners, sent in the User-Agent."""
    delay: float | None = None
    """Seconds between two requests to one host; 1 unless a replica is set, then 0."""
    deadline: float | None = None
    """Seconds after which a crawl ends cleanly."""
    workers: int = 0
    """Processes that read documents; 0 means one for each core."""
    document_seconds: float = 60.0
    """Seconds of processor time for reading a small document; a large one gets more."""
    document_megabytes: int = 768
    """Megabytes of memory that reading one document may take."""
    max_download_megabytes: int = 64
    """The largest answer of a site that is fetched, in megabytes."""
    themes_file: Path | None = None
    """A list of themes of one's own, which adds to ours or stands in their place (docs/themes.md)."""
    ranker: bool = True
    """Whether themes are ranked by what was learnt from labelled reports; without, by how often they are named."""
    digest_file: Path | None = None
    """Where each refresh writes its digest when there is something to tell: .md, .json or text."""
    digest_command: tuple[str, ...] = ()
    """A program and its arguments that get the digest on stdin when there is something to tell; no shell."""
    log_file: Path | None = None
    """Where runs write their log too, in files of 5 MB of which the last five are kept; stderr says what is wrong."""
    engine: str = "whoosh"
    """What finds words; `whoosh` is the one that needs nothing else."""
    ocr: bool = False
    """Whether scanned pages are read by OCR, where its programs are installed."""
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Options of single sources, from tables such as `[sources.dhr]`; each source says which it has.

    An option that ends in `_file` names a file from the folder of the configuration that it stands in.
    """

    @property
    def archive_folder(self) -> Path:
        """Where captures, blobs and the catalogue are."""
        return self.data / "archive"

    @property
    def index_folder(self) -> Path:
        """Where the search index and the page store are."""
        return self.data / "index"

    @property
    def cache_folder(self) -> Path:
        """Where extracted text is kept."""
        return self.data / "cache"

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests to one host."""
        if self.delay is not None:
            return self.delay
        return 0.0 if self.replica else 1.0

    @property
    def processes(self) -> int:
        """How many processes read documents."""
        return self.workers or os.cpu_count() or 1


def default_data() -> Path:
    """The platform's user data folder."""
    from platformdirs import user_data_path

    return user_data_path("casereviews", appauthor=False)


def default_file() -> Path:
    """The platform's place for casereviews.toml."""
    from platformdirs import user_config_path

    return user_config_path("casereviews", appauthor=False) / "casereviews.toml"


def load(
    flags: Mapping[str, Any] | None = None,
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Settings from `flags` (None values are absent), the environment, the file and the defaults.

    Raises UsageError naming the key, where it came from and what it takes.
    """
    return load_with_origins(flags, file=file, environment=environment)[0]


def load_with_origins(
    flags: Mapping[str, Any] | None = None,
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Settings, dict[str, str]]:
    """As `load`, with where each key that is no default came from: a file, the environment or the command line."""
    environment = os.environ if environment is None else environment
    file = chosen_file(file, environment)
    chosen: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, values in (
        *_from_file(file),
        ("the environment", _from_environment(environment)),
        ("the command line", {k: v for k, v in (flags or {}).items() if v is not None}),
    ):
        for key, value in values.items():
            chosen[key] = _checked(key, value, origin)
            origins[key] = origin
    if "data" not in chosen:
        chosen["data"] = default_data()
    return Settings(**chosen), origins


def chosen_file(file: Path | None, environment: Mapping[str, str] | None = None) -> Path | None:
    """The configuration that was asked for, by flag or by `CASEREVIEWS_CONFIG`; None for the platform's place."""
    named = (os.environ if environment is None else environment).get("CASEREVIEWS_CONFIG")
    return file or (Path(named) if named else None)


def documented() -> dict[str, str]:
    """Each key with what it means: what stands below its field in `Settings`."""
    lines = ast.parse(inspect.getsource(Settings)).body[0].body  # type: ignore[attr-defined]
    told: dict[str, str] = {}
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            text = after.value if isinstance(after, ast.Expr) else None
            told[line.target.id] = inspect.cleandoc(str(text.value)) if isinstance(text, ast.Constant) else ""
    return told


def _from_file(file: Path | None) -> list[tuple[str, dict[str, Any]]]:
    path = file or default_file()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if file is None:
            return []
        raise UsageError(f"no configuration file at {path}; leave --config out or create it") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read the configuration {path}: {error}") from error
    return [(str(path), _beside(path.parent, table))]


def _beside(folder: Path, table: dict[str, Any]) -> dict[str, Any]:
    """The table with the files that options of sources name found from the configuration's own folder."""
    if not isinstance(sources := table.get("sources"), dict):
        return table

    def found(option: str, value: Any) -> Any:
        is_file = option.endswith("_file") and isinstance(value, str) and value
        return str(folder / Path(value).expanduser()) if is_file else value

    beside = {
        source: {option: found(option, value) for option, value in options.items()}
        if isinstance(options, dict)
        else options
        for source, options in sources.items()
    }
    return {**table, "sources": beside}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    known = {ENVIRONMENT_PREFIX + f.name.upper(): f.name for f in fields(Settings)}
    return {known[name]: value for name, value in environment.items() if name in known and value}


def _checked(key: str, value: Any, origin: str) -> Any:
    """`value` as the field's type; strings are parsed, since the environment has nothing else."""
    hints = get_type_hints(Settings)
    if key not in hints:
        near = get_close_matches(key, hints, 1)
        raise UsageError(f"unknown key {key!r} in {origin}" + (f"; did you mean {near[0]!r}?" if near else ""))
    try:
        if hints[key] in (Path, Path | None):
            return Path(value).expanduser()
        if hints[key] is bool:
            return _truth(value)
        if hints[key] in (int, float, float | None):
            return _positive(int if hints[key] is int else float, value)
        if key == "sources":
            return _tables(value)
        if hints[key] == tuple[str, ...]:
            return _words(value)
        if key == "replica":
            return _loopback(str(value))
        if not isinstance(value, str):
            raise ValueError("a text is wanted")
    except (TypeError, ValueError) as error:
        raise UsageError(f"{key} = {value!r} in {origin}: {error}") from error
    return value


def _tables(value: object) -> Mapping[str, Mapping[str, Any]]:
    if isinstance(value, Mapping) and all(isinstance(table, Mapping) for table in value.values()):
        return value
    raise ValueError("a table for each source is wanted, such as [sources.dhr]")


def _words(value: object) -> tuple[str, ...]:
    """A list of words, or a text that is split as a shell would, without one."""
    if isinstance(value, str):
        import shlex

        return tuple(shlex.split(value))
    if isinstance(value, list) and all(isinstance(word, str) and word for word in value):
        return tuple(value)
    raise ValueError('a list of words is wanted, such as ["mail", "-s", "Reviews", "me@example.org"]')


def _truth(value: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() in words:
        return words[str(value).lower()]
    raise ValueError("true or false is wanted")


def _positive(kind: type[int] | type[float], value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError("a number is wanted")
    try:
        number = kind(value)
    except (TypeError, ValueError):
        raise ValueError("a number is wanted") from None
    if not 0 <= number < 1e9:
        raise ValueError("a number from 0 is wanted")
    return number


def _loopback(value: str) -> str:
    """The replica's address without a trailing slash; anything but plain HTTP to loopback is refused."""
    parts = urlsplit(value)
    host = parts.hostname or ""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
        port = parts.port
    except ValueError:
        loopback, port = False, None
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme != "http" or not loopback or port is None or not bare:
        raise ValueError("a replica is a loopback address such as http://127.0.0.1:8000")
    return f"http://{parts.netloc}"
