"""Where the embedded servers keep their things, and whose they are."""

import hashlib
import os
import pwd
import re
import secrets
import shutil
import socket
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PERSISTENT_TEMPORARY_FOLDER = Path("/var/tmp")  # survives a reboot, and an unprivileged account can reach it
SHARED_TEMPORARY_FOLDER = Path("/tmp")
LONGEST_SOCKET_PATH = 103  # bytes: 107 on Linux, 103 on macOS
PLAIN_PATH = re.compile(r"[\w./+-]+", re.ASCII)  # needs no quoting in a URL or in PostgreSQL's lists


class ServerError(Exception):
    """A server or its folder cannot be used; the message is one sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Account:
    """The unprivileged account that PostgreSQL runs under when we are root: it refuses to run as root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Folders:
    """`home` is ours alone; `database` is PostgreSQL's, elsewhere when we are root: `account` must reach it."""

    home: Path
    database: Path
    account: Account | None

    @property
    def logs(self) -> Path:
        return private_folder(self.home / "logs")


def state_folders(environ: Mapping[str, str]) -> Folders:
    """The folders of this checkout: `.rempart`, or REMPART_HOME. Raises ServerError if they belong to somebody else."""
    home = Path(environ.get("REMPART_HOME") or ROOT / ".rempart").expanduser().absolute()
    private_folder(home)
    account = unprivileged_account()
    if account is None:
        return Folders(home, private_folder(home / "postgres"), None)
    return Folders(home, open_folder(PERSISTENT_TEMPORARY_FOLDER / database_name(home)), account)


def throw_away_folders() -> Folders:
    """Folders of one test run. The caller removes `home`, which holds the database too."""
    account = unprivileged_account()
    parent = str(PERSISTENT_TEMPORARY_FOLDER) if account else None
    home = Path(tempfile.mkdtemp(prefix="rempart-test-", dir=parent))
    (home / "pid").write_text(str(os.getpid()))
    if account is None:
        return Folders(home, private_folder(home / "postgres"), None)
    home.chmod(0o711)  # PostgreSQL's account passes through
    return Folders(home, open_folder(home / "postgres"), account)


def unprivileged_account() -> Account | None:
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def database_name(home: Path) -> str:
    """One name a home, new when the home is new: whoever removes `.rempart` gets an empty database, also as root."""
    instance = kept_secret(home / "instance")[:12]
    return f"rempart-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}-{instance}"


def older_databases(folders: Folders) -> list[Path]:
    """Root's databases of a home that was removed and made again: kept, for nobody asked to delete them."""
    if folders.account is None:
        return []
    mine = folders.database
    same_home = mine.name.rpartition("-")[0]
    return sorted(path for path in mine.parent.glob(f"{same_home}-*") if path != mine)


def private_folder(path: Path, owner: Account | None = None) -> Path:
    """`path` as a folder that only its owner may enter. Raises ServerError if it is a link or belongs to another."""
    uid = owner.uid if owner else os.geteuid()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if owner and path.lstat().st_uid == os.geteuid():
            os.chown(path, owner.uid, owner.gid)
        found = path.lstat()
    except OSError as problem:
        raise ServerError(f"The folder {path} cannot be made: {problem.strerror}.") from problem
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise ServerError(f"The folder {path} belongs to {account_name(found.st_uid)}, not to {account_name(uid)}.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(0o700)
    return path


def open_folder(path: Path) -> Path:
    """Root's folder that others may pass through but not list. It is checked: in a shared place it might be a trap."""
    path.mkdir(mode=0o711, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o022:
        raise ServerError(f"The folder {path} was made by somebody else; look at it and remove it.")
    path.chmod(0o711)
    return path


def account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


def kept_secret(path: Path) -> str:
    """64 random hexadecimal digits, made once and kept readable by us alone."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            handle.write(secrets.token_hex(32))
        draft.replace(path)  # never half-written
    return path.read_text()


def socket_folder(preferred: Path, longest_name: str, owner: Account | None = None) -> Path:
    """A private folder for a server's socket: `preferred`, or a short one in /tmp when that path is too long, needs
    quoting, or lies on a file system without sockets."""
    private_folder(preferred, owner)
    full = str(preferred / longest_name)
    if len(os.fsencode(full)) <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(full) and holds_sockets(preferred):
        return preferred
    uid = owner.uid if owner else os.geteuid()
    short = f"rempart-{uid}-{hashlib.sha256(os.fsencode(preferred)).hexdigest()[:16]}"
    return private_folder(SHARED_TEMPORARY_FOLDER / short, owner)


def holds_sockets(folder: Path) -> bool:
    """Whether a unix socket can be made there (some shared and foreign file systems refuse)."""
    trial = folder / f"trial{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            listener.bind(str(trial))
        except OSError:
            return False
    trial.unlink(missing_ok=True)
    return True


def remove_abandoned_test_folders() -> None:
    """Folders that a killed test run of ours left behind: the process that made them is gone."""
    for parent in {PERSISTENT_TEMPORARY_FOLDER, Path(tempfile.gettempdir())}:
        for folder in parent.glob("rempart-test-*"):
            maker = folder / "pid"
            if folder.lstat().st_uid == os.geteuid() and maker.exists() and not is_alive(int(maker.read_text())):
                shutil.rmtree(folder, ignore_errors=True)


def is_alive(pid: int) -> bool:
    """Whether a process has this number, be it ours or another's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
