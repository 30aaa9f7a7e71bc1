import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from casereviews.archive import Archive
from casereviews.cli import main
from casereviews.config import Settings
from indexer import build
from indexer.extract import Extractor
from tests.archive.conftest import Filler

OWN = '[harm.bare_floors]\nlabel = "Bare floors"\naliases = ["bare floor(s)", "no carpet"]\n'


def pdf(*lines: str) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made)
    for place, line in enumerate(lines):
        canvas.drawString(60, 780 - 16 * place, line)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Archive.open(tmp_path / "archive", write=True, replica=True) as archive:
        filler = Filler(archive)
        filler.review()
        filler.file(
            pdf("The child slept on bare floors.", "Bare floors and no carpet were seen.", "Chronic neglect was named.")
        )
        filler.finish()
        build.build_index(archive, Settings(data=tmp_path))
    return tmp_path


def test_a_changed_list_tags_again_without_opening_a_file(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = data / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("CASEREVIEWS_THEMES_FILE", str(own))
    status = ["status", "--format", "json", "--data", str(data)]
    assert main(status) == 0
    assert json.loads(capsys.readouterr().out)["index"]["themes_in_step"] is False
    assert main(["status", "--data", str(data)]) == 0
    assert "built with other themes" in capsys.readouterr().out

    def opened(*_: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(Extractor, "__enter__", opened)
    settings = replace(Settings(data=data), themes_file=own)
    with Archive.open(data / "archive", write=True, replica=True) as archive:
        monkeypatch.setattr(archive, "read_blob", opened)
        report = build.build_index(archive, settings)
        assert (report.records_retagged, report.records_indexed, report.documents_extracted) == (1, 0, 0)
        assert build.build_index(archive, settings).records_retagged == 0
    assert main(status) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["index"]["themes_in_step"] is True and found["themes"] >= 1
    assert main(["search", "--theme", "bare floors", "--format", "json", "--data", str(data)]) == 0
    (hit,) = json.loads(capsys.readouterr().out)["hits"]
    assert hit["evidence"][0]["sentence"] == "The child slept on bare floors."


def test_a_list_that_is_wrong_stops_the_build_and_harms_nothing(data: Path) -> None:
    own = data / "own.toml"
    own.write_text(OWN + 'broader = "harm.nothing"\n', encoding="utf-8")
    with (
        Archive.open(data / "archive", write=True, replica=True) as archive,
        pytest.raises(Exception, match=r"harm\.nothing"),
    ):
        build.build_index(archive, replace(Settings(data=data), themes_file=own))
    assert main(["search", "neglect", "--data", str(data)]) == 0
