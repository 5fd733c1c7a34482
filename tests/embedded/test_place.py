"""Folders, locks and who may enter."""

import os
import pwd
import subprocess
import sys

import pytest

from embedded import place as places
from embedded.place import Account, Place, make_folder, make_private_folder, need_room, need_writing
from embedded.trouble import Trouble
from tests.embedded.factories import temporary_place

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can switch to another user")


def test_a_folder_is_open_to_others_whatever_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        made = make_folder(tmp_path / "one" / "two")
    finally:
        os.umask(before)

    assert [path.stat().st_mode & 0o777 for path in (made, made.parent)] == [0o755, 0o755]


def test_a_private_folder_that_somebody_else_has_opened_is_refused(tmp_path):
    make_private_folder(tmp_path / "mine", None)
    make_private_folder(tmp_path / "mine", None)
    (tmp_path / "mine").chmod(0o755)

    with pytest.raises(Trouble, match="is not ours"):
        make_private_folder(tmp_path / "mine", None)


def test_a_link_in_place_of_a_private_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "mine").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Trouble, match="is not ours"):
        make_private_folder(tmp_path / "mine", None)


def test_socket_paths_stay_short_however_deep_the_project_lies(tmp_path):
    deep = Place(tmp_path / ("deep" * 50))

    assert len(str(deep.sockets("pg") / ".s.PGSQL.5432")) < 100
    assert deep.sockets("pg") != Place(tmp_path).sockets("pg")


def test_a_secret_is_made_once_and_only_we_can_read_it(tmp_path):
    place = Place(tmp_path)

    assert place.secret("key") == place.secret("key")
    assert len(place.secret("key")) == 64
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_lock_that_another_process_holds_names_it(tmp_path):
    script = (
        "import sys; from pathlib import Path; from embedded.place import Place\n"
        f"with Place(Path({str(tmp_path)!r})).lock('lock', taken='?'): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=places.ROOT
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()

        with pytest.raises(Trouble, match=f"process {holder.pid}"), Place(tmp_path).lock("lock", taken="process {pid}"):
            pass

        holder.kill()
        holder.wait()
    with Place(tmp_path).lock("lock", taken="still held"):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_a_full_disk_and_a_closed_folder_are_told_in_one_sentence(tmp_path):
    with pytest.raises(Trouble, match="MB left; 1000000000 MB are needed"):
        need_room(tmp_path, megabytes=10**9)

    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="Cannot write to"):
        need_writing(tmp_path / "file")


@as_root
def test_data_goes_where_the_databases_user_can_enter():
    nobody = pwd.getpwnam("nobody")
    account = Account(uid=nobody.pw_uid, gid=nobody.pw_gid)
    with temporary_place() as place:
        assert place.home(account) == place.var

        place.var.chmod(0o700)
        home = place.home(account)

        assert home.parent in places.SYSTEM_FOLDERS
        assert account.enters(home)
        assert place.var.stat().st_mode & 0o777 == 0o700
        home.rmdir()
