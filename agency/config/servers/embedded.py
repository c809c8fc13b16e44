"""PostgreSQL and Valkey together, each only where DATABASE_URL or REDIS_URL does not name another server."""

from collections.abc import Mapping

from agency.config.servers.folders import Folders
from agency.config.servers.postgres import Postgres
from agency.config.servers.supervisor import Supervisor
from agency.config.servers.valkey import Valkey


def start_servers(
    supervisor: Supervisor, folders: Folders, environ: Mapping[str, str], durable: bool = True
) -> dict[str, str]:
    """Start what `environ` does not already name. Returns DATABASE_URL and REDIS_URL as they now stand."""
    urls = {name: environ[name] for name in ("DATABASE_URL", "REDIS_URL") if environ.get(name)}
    if "REDIS_URL" not in urls:
        valkey = Valkey(folders, durable)
        supervisor.add(valkey.task(), is_ready=lambda pid: valkey.is_ready(), before=valkey.clear)
        urls["REDIS_URL"] = valkey.url
    if "DATABASE_URL" not in urls:
        postgres = Postgres(folders, durable)
        supervisor.add(postgres.task(), is_ready=postgres.is_ready, before=postgres.prepare, seconds=300)
        postgres.furnish()
        urls["DATABASE_URL"] = postgres.url
    return urls
