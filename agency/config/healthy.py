"""`python -m agency.config.healthy PORT`: exit 0 if the web server of this machine answers, else 1."""

import os
import sys
import urllib.error
import urllib.request

from agency.config.servers.environment import AGENCY_HOST
from agency.config.servers.ports import LOOPBACK, answers


def is_healthy(port: int, host: str) -> bool:
    """Whether /healthz of the agency's host answers 200. It is asked on the loopback address with a Host header."""
    if not answers(port):
        return False
    # A proxy of the person's is not asked for the loopback address, and what ends TLS stands in front of this server.
    question = urllib.request.Request(
        f"http://{LOOPBACK}:{port}/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(question, timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.HTTPError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_healthy(int(sys.argv[1]), os.environ.get("REMPART_AGENCY_HOST") or AGENCY_HOST) else 1)
