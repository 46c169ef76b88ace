"""Nothing that files say steers a terminal: names, columns, values and reasons are shown, whatever stands in them."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from unicodedata import category

import pytest
from rich.table import Table as Grid
from rich.text import Text

import lakehouse.terminal as terminal
from lakehouse.pipeline.events import Events
from lakehouse.pipeline.summary import RunSummary
from lakehouse.published import open_published
from lakehouse.quarantine.reading import rows as waiting_rows
from lakehouse.quarantine.selection import Chosen
from lakehouse.terminal import Terminal, cells, marked, visible, visible_json, visible_lines
from tests.lakes import gold, ops, publish, silver, write

ROOT = Path(__file__).resolve().parents[2]
STEERS = "\x1b[2J\x1b]0;mine\x07\x00\r\n\t\x7f\x9b31m\u202e\u2028"
HOSTILE = f"a{STEERS}[red]b[/] :smile:"
SHOWN = "a\\x1b[2J\\x1b]0;mine\\x07\\x00\\r\\n\\t\\x7f\\x9b31m\\u202e\\u2028[red]b[/] :smile:"
_OURS = re.compile(r"\x1b\[[0-9;]*m")


def steers(text: str) -> set[str]:
    """What of the text a terminal would act on, beside line breaks and our own colours."""
    return {letter for letter in _OURS.sub("", text) if category(letter) in ("Cc", "Cf", "Zl", "Zp")} - {"\n"}


# ── the module ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_steers_is_shown_as_an_escape_and_all_else_as_it_is() -> None:
    assert visible(HOSTILE) == SHOWN
    assert visible_lines("a\x1b\nb\r") == "a\\x1b\nb\\r"
    same = "Zoë 12\u00a0€ 日本 \u0645\u06cc\u200c\u062e 👨\u200d👩 \\x1b"
    assert visible(same) == visible_lines(same) == visible_json(same) == same


def test_json_says_the_same_with_escapes_of_its_own() -> None:
    value = {HOSTILE + "\U000e0041\u200b": [HOSTILE, "\udc80"]}
    text = visible_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert steers(text) == set()


def test_values_are_no_styles_wherever_they_stand() -> None:
    out = Terminal(file=io.StringIO(), width=300, force_terminal=True, color_system="standard", record=True)
    grid = Grid(HOSTILE, title=HOSTILE)
    grid.add_row(HOSTILE)
    grid.add_row(Text(f"of a text {STEERS}"))
    grid.add_row(*cells(HOSTILE))
    out.print(HOSTILE, marked("[green]{}[/] {}", HOSTILE, "\\"), grid, style="dim")
    out.print(HOSTILE, markup=False, soft_wrap=True)
    out.rule(HOSTILE)
    text = out.export_text(clear=False)
    assert steers(text) == set()
    assert text.count("[red]b[/] :smile:") == 8
    with out.status(marked("{}", HOSTILE)):
        pass
    assert steers(out.export_text(clear=False)) == set()
    assert "\x1b[31m" not in out.export_text(styles=True)


def test_a_cell_with_escapes_is_as_wide_as_it_is_shown() -> None:
    out = Terminal(file=io.StringIO(), width=200)
    grid = Grid("value")
    grid.add_row("\x1b" * 20)
    out.print(grid)
    assert "\\x1b" * 20 in out.file.getvalue()  # type: ignore[attr-defined]


def test_lines_for_programs_are_exact_in_a_pipe_and_visible_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.put(HOSTILE)
    assert capsys.readouterr().out == HOSTILE + "\n"
    ours, theirs = pty.openpty()
    code = "from lakehouse.terminal import put; put('a\\x1b[2J,b')"
    subprocess.run([sys.executable, "-c", code], stdout=theirs, check=True, cwd=ROOT)
    os.close(theirs)
    assert os.read(ours, 100) == b"a\\x1b[2J,b\r\n"
    os.close(ours)


# ── commands, as processes ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def hostile_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake whose quarantine, batches and tables were filled by hostile files."""
    lake = tmp_path_factory.mktemp("hostile") / "lake"
    row = {"source_system": "shop", "feed": "order_lines", "file_kind": "orders", "_source_file": HOSTILE,
           "_row_in_file": 1, "_batch_id": 1, "reasons": [f"unparsable:{HOSTILE}"], "status": "open",
           "raw_row": json.dumps({HOSTILE: HOSTILE, "order_id": HOSTILE})}  # fmt: skip
    product = {"product_id": HOSTILE, "product_name": HOSTILE}
    publish(
        lake,
        1,
        {
            "silver.quarantine": write(lake, silver.QUARANTINE, [row]),
            "gold.dim_product": write(lake, gold.DIM_PRODUCT, [product]),
        },
    )
    file = {"path": HOSTILE, "source_system": "shop", "status": "loaded", "batch_id": 2}
    write(lake, ops.INGESTED_FILES, [file | {"details": HOSTILE}])
    decision = {"batch_id": 2, "decision": "hold", "details": HOSTILE}
    write(lake, ops.BATCH_DECISIONS, [decision])
    return lake


@pytest.fixture(scope="module")
def hostile_landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    landing = tmp_path_factory.mktemp("hostile") / "landing"
    (landing / "olist").mkdir(parents=True)
    cell = '"' + HOSTILE.replace("\x00", "") + '"'
    header = f"customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state,{cell}"
    text = f"{header}\n{','.join([cell] * 6)}\n"
    named = HOSTILE.replace("\x00", "").replace("/", "")
    for name in ("customers.csv", f"unknown_{named}.csv"):
        (landing / "olist" / name).write_text(text, encoding="utf-8", newline="")
    return landing


_ALL = """
import json, sys
from jobs.cli import app
for arguments in json.loads(sys.argv[1]):
    for stream in (sys.stdout, sys.stderr):
        print("=== next", file=stream, flush=True)
    try:
        app(arguments)
    except SystemExit:
        pass
"""


def _asked(commands: list[list[str]], *, colours: bool) -> list[str]:
    """What each command says on both streams; one process for all, which takes a while to start."""
    environment = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR")}
    environment |= {"FORCE_COLOR": "1", "COLUMNS": "120"} if colours else {"COLUMNS": "120"}
    done = subprocess.run(
        [sys.executable, "-c", _ALL, json.dumps(commands)], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    out, err = (stream.decode().split("=== next\n")[1:] for stream in (done.stdout, done.stderr))
    assert len(out) == len(err) == len(commands)
    return [one + other for one, other in zip(out, err, strict=True)]


COMMANDS = {
    "values": ["sql", "select product_name, product_id from gold.dim_product"],
    "a value in a block": ["sql", "select product_name a, product_name b, product_name c, * from gold.dim_product"],
    "a name of a column": ["sql", 'select 1 as "x\x1b[2J [red] :smile:"'],
    "a plan": ["sql", "explain select upper('\x1b:smile:' || product_name) from gold.dim_product"],
    "a cast that fails": ["sql", "select cast(product_name as integer) from gold.dim_product"],
    "a table that is none": ["sql", 'select * from gold."x\x1b[2J:smile:"'],
    "json": ["sql", "select * from gold.dim_product", "--format", "json"],
    "rows that wait": ["quarantine", "list"],
    "rows that wait as json": ["quarantine", "list", "--json"],
    "the state": ["status"],
    "the state as json": ["status", "--json"],
    "batches": ["batches", "list"],
    "a row that is none": ["quarantine", "show", "x\x1b[2J:smile:"],
}


@pytest.mark.parametrize("colours", [False, True])
def test_commands_show_what_would_steer(colours: bool, hostile_lake: Path, hostile_landing: Path) -> None:
    with open_published(hostile_lake) as lake:
        [row] = waiting_rows(lake, Chosen())
    commands = {name: [*command, "--lake", str(hostile_lake)] for name, command in COMMANDS.items()}
    commands["a row"] = ["quarantine", "show", row.id, "--lake", str(hostile_lake)]
    commands["a source"] = ["source", "check", "olist", "--landing", str(hostile_landing), "--unmasked"]
    for name, text in zip(commands, _asked(list(commands.values()), colours=colours), strict=True):
        assert steers(text) == set(), name
        assert ":smile:" in _OURS.sub("", text), name
        assert "Traceback" not in text, name
        assert colours or "\x1b" not in text, name


def test_csv_in_a_pipe_is_exact(hostile_lake: Path) -> None:
    arguments = ["sql", "select product_id from gold.dim_product", "--format", "csv", "--lake", str(hostile_lake)]
    command = [sys.executable, "-m", "jobs.cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode() == f'product_id\n"{HOSTILE}"\n'


@pytest.mark.parametrize("colours", [False, True])
def test_a_run_tells_and_sums_up_what_files_say(colours: bool, tmp_path: Path) -> None:
    out = io.StringIO()
    screen = Terminal(file=out, width=200, force_terminal=colours, color_system="standard" if colours else None)
    with Events(tmp_path, "r", progress=screen, out=screen) as events:
        events.say(f"rejected {HOSTILE}")
        with pytest.raises(ValueError, match="x"), events.stage("ingest", HOSTILE):
            raise ValueError("x")
        events.closing_summary(
            RunSummary(rows_in=1, quarantined={HOSTILE: 1}, left_out={HOSTILE: 1}, not_taken={HOSTILE: "x"},
                       refused={HOSTILE: "x"}, why_not_published=HOSTILE, advice=HOSTILE)
        )  # fmt: skip
    ours = re.compile(r"\x1b\[(\?25[lh]|\d?[AK])|\r")
    assert steers(ours.sub("", out.getvalue())) == set()
    assert out.getvalue().count(":smile:") >= 7
    log = events.log_file.read_text(encoding="utf-8")
    assert steers(log) == set()
    assert json.loads(log.splitlines()[0])["message"] == f"rejected {HOSTILE}"
