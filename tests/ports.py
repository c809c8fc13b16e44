"""A free port of loopback, for servers that a test runs in a process of their own."""

import socket


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
