"""A real IMAP server for tests: Debian's dovecot, with its own configuration in a temporary folder."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "plaintes", "un-secret_de.test"
CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{home}/mail/%u
mail_uid = {user}
mail_gid = {group}
mail_max_userip_connections = 50
auth_mechanisms = plain
auth_failure_delay = 0
mail_fsync = never
passdb {{
  driver = static
  args = password={password_args}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service auth {{
  user = {user}
}}
"""


class Dovecot:
    """A running server: `port` is plain with STARTTLS, `tls_port` TLS; `certificate` is the one it signed itself."""

    def __init__(self, home: Path, port: int, tls_port: int) -> None:
        self.port, self.tls_port = port, tls_port
        self.certificate = home / "cert.pem"
        self.log = home / "dovecot.log"

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4]:
        """The owner's own view of the mailbox, to write to it and to see what changed."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as box:
            box.login(USER, PASSWORD)
            yield box

    def deliver(self, *mails: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        """Lay mails into a folder, unread, received `at`."""
        moment = imaplib.Time2Internaldate(at or datetime.now(UTC))
        with self.signed_in() as box:
            box.create(folder)
            for mail in mails:
                status, said = box.append(folder, None, moment, mail)
                assert status == "OK", said

    def remove(self, folder: str) -> None:
        """Delete a folder and all that is in it."""
        with self.signed_in() as box:
            status, said = box.delete(folder)
            assert status == "OK", said

    def unread(self, folder: str = "INBOX") -> int:
        """How many messages carry no \\Seen."""
        with self.signed_in() as box:
            box.select(folder, readonly=True)
            return len(box.search(None, "UNSEEN")[1][0].split())


def sign(home: Path) -> None:
    """A key and the certificate for "localhost" that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (home / "key.pem").write_bytes(key.private_bytes(*form))
    (home / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


@contextmanager
def serving() -> Iterator[Dovecot]:
    """A dovecot on free ports of loopback, stopped at the end. Skips the test where it is not installed."""
    program = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None:
        pytest.skip("dovecot is not installed (Debian: dovecot-imapd): mailboxes are not tested")
    home = Path(tempfile.mkdtemp(prefix="rempart-dovecot-"))
    port, tls_port = _free_port(), _free_port()
    try:
        server = _start(program, home, port, tls_port)
        try:
            _wait_until_it_answers(port, server, home / "dovecot.log")
            yield Dovecot(home, port, tls_port)
        finally:
            server.terminate()
            server.wait(10)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _start(program: str, home: Path, port: int, tls_port: int) -> subprocess.Popen[bytes]:
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    entry = pwd.getpwnam(user)
    sign(home)
    for folder in ("mail", "run", "state"):
        (home / folder).mkdir()
        os.chown(home / folder, entry.pw_uid, entry.pw_gid)
    home.chmod(0o755)
    written = CONFIGURATION.format(
        home=home,
        user=user,
        group=grp.getgrgid(entry.pw_gid).gr_name,
        port=port,
        tls_port=tls_port,
        password_args=PASSWORD,
    )
    (home / "dovecot.conf").write_text(written)
    return subprocess.Popen([program, "-F", "-c", str(home / "dovecot.conf")], cwd="/", stdin=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait_until_it_answers(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as tried:
                if tried.recv(4) == b"* OK":
                    return
        except OSError:
            time.sleep(0.05)
    said = log.read_text() if log.exists() else "nothing"
    raise AssertionError(f"dovecot does not answer; it said: {said[-2000:]}")
