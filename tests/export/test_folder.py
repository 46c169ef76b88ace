"""The folder of an export: whole files with what they are beside them, and nothing of what was broken off."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.export import ExportFailed, Format, export_files, subject
from lakehouse.published import PublishedLake
from lakehouse.tables import gold
from tests.lakes import publish, write

ANN = "ann@example.com"


def ask(lake: Path, *arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["export", *arguments, "--lake", str(lake)])
    return found.exit_code, found.output


def test_a_sidecar_says_what_the_file_is(shop: Path, tmp_path: Path) -> None:
    code, told = ask(shop, "gold.fact_sales", "--out", str(tmp_path))
    assert (code, "2 rows" in told) == (0, True)
    about = json.loads((tmp_path / "gold.fact_sales.csv.json").read_text(encoding="utf-8"))
    content = (tmp_path / "gold.fact_sales.csv").read_bytes()
    assert (about["rows"], about["bytes"], about["sha256"]) == (
        2, len(content), hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    assert (about["table"], about["grain"], about["publication"], about["as_of"]) == (
        "gold.fact_sales", gold.FACT_SALES.grain, 1, "2024-01-01",
    )  # fmt: skip
    assert about["key"] == list(gold.FACT_SALES.key)
    header = content.decode().split("\n")[0].split(",")
    assert [one["name"] for one in about["columns"]] == header
    assert {
        "name": "unit_price",
        "type": "DECIMAL(18,4)",
        "nullable": False,
        "meaning": "Price of one unit as stated; where only an amount of the line is, gross_revenue / quantity,"
        " rounded",
        "unit": "currency",
    } in about["columns"]


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_all_of_gold_goes_into_one_folder(shop: Path, tmp_path: Path, form: str) -> None:
    code, told = ask(shop, "--all", "--format", form, "--out", str(tmp_path / "new" / "folder"))
    assert code == 0, told
    names = {path.name for path in (tmp_path / "new" / "folder").iterdir()}
    expected = [*(table.name for table in gold.TABLES), "gold.vw_sales_overview", "gold.vw_customer_lifetime_value"]
    assert {f"{name}.{form}{end}" for name in expected for end in ("", ".json")} < names
    assert [name for name in names if name.startswith(".")] == []


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_no_file_holds_personal_data_unless_it_is_asked_for(shop: Path, tmp_path: Path, form: str) -> None:
    from tests.export.test_files import sheet

    masked, whole = tmp_path / "masked", tmp_path / "whole"
    assert "masked: " in ask(shop, "gold.dim_customer", "--format", form, "--out", str(masked))[1]
    assert "masked: " not in ask(shop, "gold.dim_customer", "--format", form, "--out", str(whole), "--with-personal")[1]
    for folder, is_there in ((masked, False), (whole, True)):
        path = folder / f"gold.dim_customer.{form}"
        text = str(sheet(path)) if form == "xlsx" else path.read_bytes().decode("latin-1")
        assert (ANN in text) is is_there
        about = json.loads((folder / f"gold.dim_customer.{form}.json").read_text(encoding="utf-8"))
        assert ("email" in about["masked_columns"], "email" in about["personal_columns"]) == (not is_there, True)
        assert (stat.S_IMODE(path.stat().st_mode) == 0o600) is is_there


def test_only_files_with_personal_data_are_for_the_owner_alone(shop: Path, tmp_path: Path) -> None:
    ask(shop, "gold.fact_sales", "--out", str(tmp_path), "--with-personal")
    assert stat.S_IMODE((tmp_path / "gold.fact_sales.csv").stat().st_mode) & 0o044


def test_the_same_publication_gives_the_same_file(shop: Path, tmp_path: Path) -> None:
    for form in ("csv", "parquet", "xlsx"):
        for folder in ("a", "b"):
            ask(shop, "gold.dim_customer", "--format", form, "--out", str(tmp_path / folder))
        for name in (f"gold.dim_customer.{form}", f"gold.dim_customer.{form}.json"):
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_an_older_publication_can_be_exported(shop: Path, tmp_path: Path) -> None:
    versions = {"gold.dim_date": write(tmp_path / "lake", gold.DIM_DATE, [{"date_key": 1}])}
    publish(tmp_path / "lake", 1, versions)
    publish(tmp_path / "lake", 2, {"gold.dim_date": write(tmp_path / "lake", gold.DIM_DATE, [])})
    for number, rows in (("1", 1), ("2", 0)):
        code, _ = ask(tmp_path / "lake", "gold.dim_date", "--out", str(tmp_path), "--publication", number)
        assert code == 0
        about = json.loads((tmp_path / "gold.dim_date.csv.json").read_text(encoding="utf-8"))
        assert (about["publication"], about["rows"]) == (int(number), rows)


def test_a_killed_export_leaves_the_file_before_it_and_the_next_clears_up(tmp_path: Path) -> None:
    lake, out = tmp_path / "lake", tmp_path / "out"
    publish(lake, 1, {"gold.dim_geography": write(lake, gold.DIM_GEOGRAPHY, [{"geography_key": 1}])})
    assert ask(lake, "gold.dim_geography", "--format", "xlsx", "--out", str(out))[0] == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    many = [{"geography_key": number, "city": "x" * 50} for number in range(150_000)]
    publish(lake, 2, {"gold.dim_geography": write(lake, gold.DIM_GEOGRAPHY, many)})
    command = [sys.executable, "-m", "jobs.cli", "export", "gold.dim_geography", "--format", "xlsx"]
    with subprocess.Popen([*command, "--out", str(out), "--lake", str(lake)]) as process:
        until = time.monotonic() + 60
        while not list(out.glob(".lakehouse-*.part")) and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    left = {path.name: path.read_bytes() for path in out.iterdir()}
    assert len(left) == 3, "it was killed while it wrote"
    assert {name: left.get(name) for name in before} == before
    (out / ".mine.part").write_text("not ours", encoding="utf-8")
    assert ask(lake, "gold.dim_geography", "--format", "csv", "--out", str(out))[0] == 0
    assert {path.name for path in out.iterdir() if path.name.startswith(".")} == {".mine.part"}


def test_two_exports_never_write_into_one_folder(published: PublishedLake, tmp_path: Path) -> None:
    other = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    dates = subject(published, "gold.dim_date")
    with pytest.raises(ExportFailed, match="another export is writing"):
        list(export_files([dates], Format.CSV, tmp_path))
    os.close(other)
    assert len(list(export_files([dates], Format.CSV, tmp_path))) == 1


@pytest.mark.parametrize("place", ["a-file", "a-file/below"])
def test_a_folder_that_cannot_be_is_wrong_usage(shop: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    code, told = ask(shop, "gold.dim_date", "--out", str(tmp_path / place))
    assert (code, "cannot be written" in told) == (2, True)


def test_a_file_in_the_way_fails_in_words(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "gold.dim_date.csv").mkdir()
    code, told = ask(shop, "gold.dim_date", "--out", str(tmp_path))
    assert (code, "gold.dim_date.csv cannot be written" in told.replace("\n", "")) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["gold.dim_date.csv"]


@pytest.mark.parametrize(
    "arguments",
    [["--out", "x"], ["gold.dim_date", "--all", "--out", "x"], ["gold.dim_date"], ["--all"],
     ["--postgres", "service=x", "--out", "x"], ["--postgres", "service=x", "--all"],
     ["gold.dim_date", "--out", "x", "--format", "xml"]],
)  # fmt: skip
def test_a_wrong_choice_is_wrong_usage(shop: Path, arguments: list[str]) -> None:
    assert ask(shop, *arguments)[0] == 2
    assert not Path("x").exists()


_MEMORY = """
import sys
from pathlib import Path
from lakehouse.export import Format, export_files, subject
from lakehouse.published import open_published
with open_published(Path(sys.argv[1])) as lake:
    list(export_files([subject(lake, "gold.dim_geography")], Format(sys.argv[2]), Path(sys.argv[3])))
[peak] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(peak) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks of memory are read from Linux's /proc")
@pytest.mark.parametrize(
    ("form", "few", "many", "most"),
    [("csv", 300_000, 2_000_000, 100), ("parquet", 300_000, 2_000_000, 180), ("xlsx", 3_000, 60_000, 40)],
)
def test_memory_grows_by_far_less_than_the_rows(tmp_path: Path, form: str, few: int, many: int, most: int) -> None:
    """Peaks of two processes, in megabytes, are less than `most` apart: a million of these rows are 180 MB.

    A workbook is not flat: with a text of its own in each row it takes some 0.4 MB more for a thousand rows.
    """
    from deltalake import write_deltalake

    peaks = []
    for count in (few, many):
        lake = tmp_path / str(count)
        # One text for all: what DuckDB keeps of the lake's own files stays small. A workbook would keep it once.
        numbers = (number if form == "xlsx" else 0 for number in range(count))
        texts = pa.array(f"a text of some length, to fill memory with {number}" for number in numbers)
        columns = {"geography_key": pa.array(range(count), pa.int64())}
        columns |= dict.fromkeys(gold.DIM_GEOGRAPHY.column_names[1:], texts)
        write_deltalake(lake / "gold" / "dim_geography", pa.table(columns))
        publish(lake, 1, {"gold.dim_geography": 0})
        done = subprocess.run([sys.executable, "-c", _MEMORY, lake, form, tmp_path], capture_output=True, text=True)
        peaks.append(int(done.stdout))
    assert peaks[1] < peaks[0] + most, peaks
