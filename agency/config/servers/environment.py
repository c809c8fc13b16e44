"""What the application reads from its environment when it runs on the embedded servers."""

from collections.abc import Mapping
from pathlib import Path

from agency.config.servers.folders import ROOT, kept_secret

AGENCY_HOST = "agence.localhost"  # browsers and curl resolve *.localhost by themselves; glibc does not
APPLICATION_NAMES = ("REMPART_", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE")


def application_environment(
    home: Path, urls: Mapping[str, str], environ: Mapping[str, str], port: int, demo: bool
) -> dict[str, str]:
    """The variables for one machine and one person, plain HTTP on the loopback address; what `environ` says wins."""
    chosen = {
        "DJANGO_SETTINGS_MODULE": "agency.config.settings",
        "PYTHONUNBUFFERED": "1",  # logs are read while they are written
        "REMPART_HOME": str(home),
        "REMPART_SECRET_KEY": environ.get("REMPART_SECRET_KEY") or kept_secret(home / "secret_key"),
        "REMPART_VAULT_KEYS": environ.get("REMPART_VAULT_KEYS") or kept_secret(home / "vault_key"),
        "REMPART_DEMO": "1" if demo else "0",
        "REMPART_AGENCY_HOST": AGENCY_HOST,
        "REMPART_CLIENT_HOST_SUFFIX": "localhost",
        "REMPART_HTTPS": "0",
        "REMPART_PLAIN_STATIC": "1",  # no collecting of static files between two edits
    }
    decided = {
        **urls,
        "REMPART_PORT": str(port),
        "REMPART_BASE_URL": f"http://{environ.get('REMPART_AGENCY_HOST') or AGENCY_HOST}:{port}",
        "PYTHONPATH": str(ROOT),
    }
    return {**chosen, **environ, **decided, "REMPART_DEMO": chosen["REMPART_DEMO"]}


def application_part(environ: Mapping[str, str]) -> dict[str, str]:
    """Only the variables that are ours: what a command in another terminal takes over."""
    return {name: value for name, value in environ.items() if name.startswith(APPLICATION_NAMES)}
