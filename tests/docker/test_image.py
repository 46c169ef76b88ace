"""The image is really built, without an engine, and its entry script really run within it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

pytestmark = [pytest.mark.long, pytest.mark.timeout(5400)]
MOST_MEGABYTES = 2400
PROGRAMS = ("buildah", "debootstrap", "crun")


def without_engines(folder: Path) -> str:
    """A PATH without docker and podman: links to all else that is on this one."""
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            link = folder / program.name
            if program.name not in ("docker", "podman") and not link.exists():
                link.symlink_to(program)
    return str(folder)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """All that the build said, of which the image is gone again."""
    if os.geteuid() != 0:
        pytest.skip("without an engine an image is built as root")
    if any(shutil.which(program) is None for program in PROGRAMS):
        pytest.skip(f"apt-get install {' '.join(PROGRAMS)}")
    folder = tmp_path_factory.mktemp("image")
    (folder / "bin").mkdir()
    environment = os.environ | {"PATH": without_engines(folder / "bin"), "TMPDIR": str(folder)}
    command = ["bash", str(ROOT / "docker" / "build"), "localhost/lakehouse:test"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
    assert not list(folder.glob("lakehouse-image.*"))
    return done.stdout


def test_the_image_is_small(said: str) -> None:
    [megabytes] = re.findall(r"it takes (\d+) MB", said)
    assert 500 < int(megabytes) < MOST_MEGABYTES


def test_who_works_in_it_is_not_root_and_doctor_finds_all_well(said: str) -> None:
    assert "\nuid 10001\n" in said
    assert "/opt/lakehouse/jars" in said


def test_a_shop_is_generated_and_published_in_it(said: str) -> None:
    [lines] = re.findall(r"^lines\n(\d+)$", said, re.MULTILINE)
    assert int(lines) > 0
