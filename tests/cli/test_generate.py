"""`lakehouse generate` refuses what is no shop."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from jobs.cli import app


@pytest.mark.parametrize("scale", ["inf", "nan", "0", "-1", "100001", "1e300", "large"])
def test_a_size_that_no_shop_has_is_wrong_usage(tmp_path: Path, scale: str) -> None:
    found = CliRunner().invoke(app, ["generate", "--scale", scale, "--out", str(tmp_path / "landing")])
    assert found.exit_code == 2
    assert "--scale" in found.output
    assert not any(tmp_path.iterdir())
