"""The embedded PostgreSQL and Valkey, for real."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from agency.config.servers.embedded import start_servers
from agency.config.servers.folders import (
    LONGEST_SOCKET_PATH,
    SHARED_TEMPORARY_FOLDER,
    Account,
    Folders,
    ServerError,
    private_folder,
    socket_folder,
    throw_away_folders,
)
from agency.config.servers.postgres import EXTENSIONS, Postgres, shared_memory_type
from agency.config.servers.processes import wait_until
from agency.config.servers.supervisor import Supervisor
from agency.config.servers.valkey import Valkey


class House:
    """Running servers, kept on disk as `up` keeps them."""

    def __init__(self, folders: Folders, supervisor: Supervisor) -> None:
        self.folders = folders
        self.supervisor = supervisor
        self.said: list[str] = []
        supervisor.say = self.said.append
        self.urls = start_servers(supervisor, folders, {})

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls["DATABASE_URL"]) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def broker(self) -> "redis.Redis[str]":
        return redis.Redis.from_url(self.urls["REDIS_URL"].replace("redis+socket", "unix"), decode_responses=True)

    def kill(self, name: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        """kill -9, and wait until the supervisor has the server back."""
        child = next(child for child in self.supervisor.children if child.task.name == name)
        child.process.kill()
        child.process.wait()
        killed = child.process.pid
        meanwhile()

        def is_back() -> bool:
            self.supervisor.look()
            return child.process.pid != killed and child.is_ready(child.process.pid)

        assert wait_until(is_back, 30)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    folders = throw_away_folders()
    with Supervisor(folders.home, print) as supervisor:
        yield House(folders, supervisor)
    shutil.rmtree(folders.home)


def test_the_applications_role_is_neither_superuser_nor_free_to_make_databases(house: House) -> None:
    assert house.sql("SELECT rolsuper, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [
        (False, False, False)
    ]


def test_the_extensions_are_there_and_the_collation_does_not_depend_on_the_machine(house: House) -> None:
    assert {row[0] for row in house.sql("SELECT extname FROM pg_extension")} >= set(EXTENSIONS)
    assert house.sql("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'rempart'") == [
        ("b", "C.UTF-8")
    ]


def test_postgres_listens_on_no_port_and_asks_for_a_password(house: House) -> None:
    assert house.sql("SHOW listen_addresses") == [("",)]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(house.urls["DATABASE_URL"].replace("rempart:", "rempart:wrong"), passfile="/dev/null")


def test_what_was_committed_survives_a_kill_of_postgres(house: House) -> None:
    house.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    house.kill("postgres")
    assert house.sql("SELECT answer FROM kept") == [(42,)]


def test_a_task_that_was_accepted_survives_a_kill_of_valkey(house: House) -> None:
    house.broker().rpush("celery", "a task")
    house.kill("valkey")
    assert house.broker().lrange("celery", 0, -1) == ["a task"]


def test_the_broker_never_evicts(house: House) -> None:
    assert house.broker().config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_secrets_and_sockets_are_ours_alone(house: House) -> None:
    secrets = house.folders.database / "secrets"
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir()} == {0o600}
    assert (house.folders.home / "valkey").stat().st_mode & 0o777 == 0o700


def test_a_lock_naming_somebody_elses_process_does_not_stop_the_next_start(house: House) -> None:
    lock = Postgres(house.folders).cluster / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"]) as stranger:
        rest = lock.read_text().partition("\n")[2]
        house.kill("postgres", meanwhile=lambda: lock.write_text(f"{stranger.pid}\n{rest}"))
        assert stranger.poll() is None
        stranger.kill()
    assert house.sql("SELECT 1") == [(1,)]


def test_a_cluster_that_was_only_half_made_is_never_used(house: House) -> None:
    folders = throw_away_folders()
    postgres = Postgres(folders, durable=False)
    half = folders.database / "cluster.half"
    half.mkdir()
    postgres.prepare()
    assert not half.exists()
    assert (postgres.cluster / "PG_VERSION").exists()
    shutil.rmtree(folders.home)


def test_a_cluster_of_another_version_is_refused_with_a_sentence() -> None:
    folders = throw_away_folders()
    postgres = Postgres(folders, durable=False)
    postgres.cluster.mkdir()
    (postgres.cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServerError, match="made by PostgreSQL 12 and this is 18"):
        postgres.prepare()
    shutil.rmtree(folders.home)


def test_a_url_from_outside_replaces_the_embedded_server(tmp_path: Path) -> None:
    outside = {"DATABASE_URL": "postgres://a@b/c", "REDIS_URL": "redis://d/0"}
    with Supervisor(tmp_path, print) as supervisor:
        assert start_servers(supervisor, Folders(tmp_path, tmp_path, None), outside) == outside
        assert supervisor.children == []


def test_closed_or_narrow_shared_memory_is_not_used(tmp_path: Path) -> None:
    folders = Folders(tmp_path, tmp_path, Account(65534, 65534))
    tmp_path.chmod(0o755)
    assert shared_memory_type(folders, tmp_path) == "mmap"
    assert shared_memory_type(folders, tmp_path / "absent") == "mmap"
    tmp_path.chmod(0o777)
    assert shared_memory_type(folders, tmp_path) == "posix"


def test_a_long_or_unusual_path_gets_a_short_private_folder_for_its_socket(tmp_path: Path) -> None:
    for name in ("a" * 100, "with space", "comma,"):
        folder = socket_folder(tmp_path / name, ".s.PGSQL.5432")
        assert folder.parent == SHARED_TEMPORARY_FOLDER
        assert len(str(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
        assert folder.stat().st_mode & 0o777 == 0o700
        folder.rmdir()


def test_servers_run_under_a_long_path_with_spaces(tmp_path: Path) -> None:
    home = private_folder(tmp_path / ("un long chemin " * 8))
    folders = Folders(home, home, None)
    with Supervisor(home, print) as supervisor:
        valkey = Valkey(folders)
        supervisor.add(valkey.task(), is_ready=lambda pid: valkey.is_ready())
        assert len(str(valkey.socket)) < LONGEST_SOCKET_PATH
    valkey.socket.parent.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_account_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    with pytest.raises(ServerError, match="belongs to nobody, not to root"):
        private_folder(tmp_path)


def test_a_link_in_place_of_a_private_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(ServerError):
        private_folder(tmp_path / "link")
