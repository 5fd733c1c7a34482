"""Real servers over temporary folders: started, killed, found again."""

import os
import signal
import subprocess

import psycopg
import pytest
import redis

from embedded.postgres import Postgres
from embedded.trouble import Trouble
from embedded.valkey import Valkey
from tests.embedded.factories import temporary_place
from tests.patience import until


@pytest.fixture
def place():
    with temporary_place() as found:
        yield found


@pytest.fixture(scope="module")
def cluster():
    """A cluster made once and copied for each test, since making one takes longest."""
    with temporary_place() as place:
        server = Postgres(place, throwaway=True)
        server.start()
        server.stop()
        yield server.data


@pytest.fixture
def postgres(place, cluster):
    subprocess.run(["cp", "-a", cluster, place.var / "postgres"], check=True)
    server = Postgres(place)
    server.start()
    yield server
    server.end_leftover()


@pytest.fixture
def valkey(place):
    server = Valkey(place)
    server.start()
    yield server
    server.end_leftover()


def query(server, sql):
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def client(server):
    return redis.Redis(unix_socket_path=str(server.socket))


def another(server, place):
    return Postgres(place) if isinstance(server, Postgres) else Valkey(place)


def test_the_database_is_there_with_utf8_and_one_order_of_letters(postgres):
    [row] = query(
        postgres,
        "select pg_encoding_to_char(encoding), datlocprovider::text, datlocale from pg_database "
        "where datname = current_database()",
    )

    assert row == ("UTF8", "b", "C.UTF-8")


def test_nobody_else_can_reach_the_socket(postgres, valkey):
    assert postgres.sockets.stat().st_mode & 0o777 == 0o700
    assert valkey.sockets.stat().st_mode & 0o777 == 0o700
    assert query(postgres, "show listen_addresses") == [("",)]


def test_rows_outlive_a_restart(postgres, place):
    query(postgres, "create table kept as select 7 as number")
    postgres.stop()
    assert not postgres.alive()
    assert not postgres.sockets.exists()

    postgres.start()

    assert query(postgres, "select number from kept") == [(7,)]


def test_rows_outlive_a_kill_of_the_server(postgres, place):
    query(postgres, "create table kept as select 7 as number")
    with psycopg.connect(postgres.url):
        os.kill(postgres.pid, signal.SIGKILL)
        again = another(postgres, place)
        again.start()

    assert again.pid != postgres.pid
    assert query(again, "select number from kept") == [(7,)]
    again.stop()


def test_a_server_that_outlived_its_supervisor_is_adopted_and_can_be_stopped(postgres, place):
    again = another(postgres, place)

    again.start()

    assert again.pid == postgres.pid
    again.stop()
    assert not postgres.alive()


def test_a_server_whose_socket_was_cleaned_away_is_replaced(postgres, place):
    for file in postgres.sockets.iterdir():
        file.unlink()
    again = another(postgres, place)

    again.start()

    assert not postgres.alive()
    assert query(again, "select 1") == [(1,)]
    again.stop()


def test_a_process_id_file_that_names_a_stranger_is_no_obstacle(postgres, place):
    file = postgres.data / "postmaster.pid"
    lines = file.read_text().splitlines()
    os.kill(postgres.pid, signal.SIGKILL)
    until(lambda: not postgres.alive())
    stranger = subprocess.Popen(["sleep", "60"], user=postgres.data.stat().st_uid if os.geteuid() == 0 else None)
    file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

    postgres.start()

    assert query(postgres, "select 1") == [(1,)]
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_process_id_file_that_names_a_zombie_is_no_obstacle(postgres):
    file = postgres.data / "postmaster.pid"
    lines = file.read_text().splitlines()
    os.kill(postgres.pid, signal.SIGKILL)
    until(lambda: not postgres.alive())
    zombie = subprocess.Popen(["true"], user=postgres.data.stat().st_uid if os.geteuid() == 0 else None)
    file.write_text("\n".join([str(zombie.pid), *lines[1:]]) + "\n")

    postgres.start()

    assert query(postgres, "select 1") == [(1,)]
    zombie.wait()


def test_a_cluster_that_was_made_only_half_is_made_again(place):
    draft = place.folder("postgres.new")
    (draft / "PG_VERSION").write_text("18\n")
    server = Postgres(place, throwaway=True)

    server.start()

    assert query(server, "select 1") == [(1,)]
    assert not draft.exists()
    server.stop()


def test_data_of_another_version_is_refused_in_one_sentence(postgres):
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(Trouble, match=r"is of PostgreSQL 17, the programs are of 18"):
        postgres.start()


def test_a_folder_without_programs_is_refused_in_one_sentence(place, monkeypatch):
    monkeypatch.setenv("POSTGRES_BIN_DIR", "/nowhere")

    with pytest.raises(Trouble, match="no programs initdb and postgres in /nowhere"):
        Postgres(place).start()


def test_tasks_outlive_a_kill_of_the_broker(valkey, place):
    client(valkey).rpush("celery", "a task")
    os.kill(valkey.pid, signal.SIGKILL)
    again = another(valkey, place)

    again.start()

    assert client(again).lrange("celery", 0, -1) == [b"a task"]
    again.stop()


def test_a_broker_that_outlived_its_supervisor_is_adopted(valkey, place):
    again = another(valkey, place)

    again.start()

    assert again.pid == valkey.pid
    again.stop()
    assert not valkey.alive()


def test_a_broker_program_that_is_not_there_is_told_in_one_sentence(place, monkeypatch):
    monkeypatch.setenv("VALKEY_SERVER", "/nowhere/valkey-server")

    with pytest.raises(Trouble, match="VALKEY_SERVER is /nowhere/valkey-server"):
        Valkey(place).start()
