"""Free ports on the loopback address."""

import socket
from collections.abc import Collection

from agency.config.servers.folders import ServerError

LOOPBACK = "127.0.0.1"


def free_port(wanted: int, taken: Collection[int] = (), tries: int = 200) -> int:
    """`wanted`, or the next port above that nobody listens on and that is not in `taken`. Raises ServerError."""
    for port in range(wanted, min(wanted + tries, 65_536)):
        if port not in taken and is_free(port):
            return port
    raise ServerError(f"No port is free between {wanted} and {wanted + tries}: choose another with --port.")


def is_free(port: int) -> bool:
    """Whether we could listen there: neither on the loopback address nor on all addresses is anybody."""
    for address in (LOOPBACK, ""):
        with socket.socket(socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((address, port))
            except OSError:
                return False
    return True


def answers(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket(socket.AF_INET) as client:
        client.settimeout(1)
        return client.connect_ex((LOOPBACK, port)) == 0
