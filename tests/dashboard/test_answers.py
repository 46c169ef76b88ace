from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.data import downloads
from dashboard.data.answers import Answers, opened
from lakehouse.published import NothingPublished, UnknownTable, open_published
from lakehouse.tables import gold
from lakehouse.tables.gold.customers import RFM_SEGMENTS
from tests.lakes import publish, write

NUMBERS = "SELECT range AS n FROM range($most)"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    publish(tmp_path, 1, {"gold.dim_date": write(tmp_path, gold.DIM_DATE, [{"date_key": 20240101}])})
    return tmp_path


def test_a_question_is_asked_once(lake: Path):
    answers = opened(lake)
    first = answers.ask(NUMBERS, most=3)
    assert answers.ask(NUMBERS, most=3) is first
    assert answers.ask(NUMBERS, most=4) is not first
    assert first.table.column("n").to_pylist() == [0, 1, 2]


def test_the_memo_is_bounded_and_what_was_asked_longest_ago_goes_first(lake: Path):
    answers = Answers(open_published(lake), most_bytes=200)
    first = answers.ask(NUMBERS, most=10)
    second = answers.ask(NUMBERS, most=11)
    assert answers.ask(NUMBERS, most=10) is first
    answers.ask(NUMBERS, most=5)
    assert answers.bytes_held <= 200
    assert answers.ask(NUMBERS, most=10) is first
    assert answers.ask(NUMBERS, most=11) is not second
    held = answers.ask(NUMBERS, most=12)
    big = answers.ask(NUMBERS, most=1000)
    assert answers.ask(NUMBERS, most=12) is held
    assert answers.ask(NUMBERS, most=1000) is not big
    assert answers.bytes_held <= 200


def test_an_older_publication_answers_with_its_own_rows_and_may_lack_a_table(lake: Path):
    versions = {"gold.dim_date": write(lake, gold.DIM_DATE, [{"date_key": 1}, {"date_key": 2}])}
    publish(lake, 2, versions | {"gold.rfm_segments": write(lake, RFM_SEGMENTS, [])})
    count = "SELECT count(*) AS n FROM gold.dim_date"
    assert [opened(lake, number).ask(count).first()["n"] for number in (1, 2)] == [1, 2]
    assert opened(lake).has("gold.rfm_segments", "gold.dim_date")
    assert not opened(lake, 1).has("gold.rfm_segments", "gold.dim_date")
    with pytest.raises(UnknownTable, match=r"gold\.rfm_segments"):
        opened(lake, 1).ask("SELECT * FROM gold.rfm_segments")


def test_a_lake_without_publication_has_no_answer(tmp_path: Path):
    (tmp_path / "gold").mkdir()
    with pytest.raises(NothingPublished):
        opened(tmp_path).ask("SELECT * FROM gold.dim_date")


def test_an_answer_knows_its_tables_and_gives_decimals_as_numbers_to_draw(lake: Path):
    answer = opened(lake).ask("SELECT 1.50 AS x, NULL AS y FROM gold.dim_date AS a JOIN gold.dim_date USING (date_key)")
    assert answer.tables == ("gold.dim_date",)
    assert answer.frame()["x"].tolist() == [1.5]
    assert str(answer.first()["x"]) == "1.50"
    assert not answer.is_empty


def test_a_file_says_what_it_is_and_holds_exact_values():
    table = pa.table({"name": ["=1+1", "it's, so"], "value": pa.array(["1.10", "-2"]).cast(pa.decimal128(18, 4))})
    notes = {"Filters": "country A\nor B", "Publication": "3"}
    text = downloads.as_csv(table, notes).decode("utf-8-sig")
    assert text.splitlines() == [
        "# Filters: country A or B",
        "# Publication: 3",
        "name,value",
        "'=1+1,1.1000",
        '"it\'s, so",-2.0000',
    ]
    read = pq.read_table(pa.BufferReader(downloads.as_parquet(table, notes)))
    assert read.equals(table)
    assert read.schema.metadata[b"lakehouse.Filters"] == b"country A\nor B"
