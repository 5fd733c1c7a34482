"""Where data, sockets and logs of this project folder lie, and who may reach them."""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent
# A socket's path may have about 103 bytes. macOS points TMPDIR at a long folder, and TMPDIR may differ between
# two terminals, while a server that is still running must be found again.
SOCKETS = Path("/tmp") if os.access("/tmp", os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
# Where data may lie that the project folder cannot hold, because only root may enter it.
SYSTEM_FOLDERS = (Path("/var/lib"), Path("/var/db"))


@dataclass(frozen=True, slots=True)
class Account:
    """The user a server runs as when we are root, which PostgreSQL refuses to be."""

    uid: int
    gid: int

    def enters(self, path: Path) -> bool:
        """Whether this user can read and enter a path, found out by trying."""
        try:
            tried = subprocess.run(
                ["/bin/sh", "-c", 'test -r "$0" && test -x "$0"', str(path)],
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                check=False,
            )
        except (PermissionError, OSError) as refused:
            raise Trouble(
                f"We are root, but may not switch to another user for PostgreSQL ({refused}); "
                "run as an ordinary user or set DATABASE_URL to a server of your own."
            ) from refused
        return tried.returncode == 0


@dataclass(frozen=True, slots=True)
class Place:
    """The git-ignored folder of one project folder, or of one test run below it."""

    var: Path

    def folder(self, name: str) -> Path:
        """Return a folder below ours, made when missing."""
        return make_folder(self.var / name)

    def home(self, account: Account | None) -> Path:
        """Return where the database's data lies: below our folder, or where its account can reach it."""
        make_folder(self.var)
        if account is None or account.enters(self.var):
            return self.var
        for system in SYSTEM_FOLDERS:
            if system.is_dir() and account.enters(system):
                return make_folder(self.outside(system))
        raise Trouble(
            f"PostgreSQL does not run as root, and no other user can enter {self.var}; "
            "move the project to a folder that others can enter, or set DATABASE_URL."
        )

    def outside(self, system: Path) -> Path:
        """Return the folder for this project's data below one of the system's folders."""
        return system / f"contactcenter-{self._mark()}"

    def sockets(self, server: str) -> Path:
        """Return the short folder for a server's socket; it is made when the server starts."""
        return SOCKETS / f"contactcenter-{self._mark()}-{server}"

    def secret(self, name: str) -> str:
        """Return a random text that is made once and kept."""
        path = self.var / name
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32))
            draft.rename(path)
        return path.read_text().strip()

    @contextmanager
    def lock(self, name: str, *, taken: str) -> Iterator[None]:
        """Hold a lock for as long as this process lives; `taken` says it in words when another one has it.

        POSIX locks, since `flock` would pass to children forked from us and outlive us with them.
        """
        with (self.var / name).open("a+") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                raise Trouble(taken.format(pid=file.read().strip() or "?")) from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield

    def _mark(self) -> str:
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:10]


def make_folder(path: Path) -> Path:
    """Make a folder that others can pass through, whatever the umask; one that exists is left as it is."""
    if not path.parent.exists():
        make_folder(path.parent)
    try:
        path.mkdir()
    except FileExistsError:
        return path
    path.chmod(0o755)
    return path


def make_private_folder(path: Path, account: Account | None) -> None:
    """Make a folder that only one user can enter, and refuse one that somebody else has put there."""
    owner = os.geteuid() if account is None else account.uid
    try:
        path.mkdir(mode=0o700)
        if account is not None:
            os.chown(path, account.uid, account.gid)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise Trouble(f"{path} exists and is not ours; remove it and start again.") from None


def database_account(data: Path) -> Account | None:
    """Return the user to switch to: none unless we are root, else the owner of the data, else `nobody`."""
    if os.geteuid() != 0:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise Trouble(
                f"PostgreSQL wants its user to have a name, and user id {os.geteuid()} has none here; "
                "add it to /etc/passwd or set DATABASE_URL to a server of your own."
            ) from None
        return None
    if data.exists() and data.stat().st_uid != 0:
        found = data.stat()
        return Account(uid=found.st_uid, gid=found.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def need_room(path: Path, *, megabytes: int) -> None:
    """Refuse to go on where the disk is nearly full."""
    free = shutil.disk_usage(path).free // 1_000_000
    if free < megabytes:
        raise Trouble(f"The disk that holds {path} has {free} MB left; {megabytes} MB are needed.")


def need_writing(path: Path) -> None:
    """Refuse to go on where we cannot make files."""
    try:
        make_folder(path)
        with tempfile.NamedTemporaryFile(dir=path):
            pass
    except OSError as refused:
        raise Trouble(f"Cannot write to {path} ({refused.strerror}); is it yours?") from refused
