"""Typed reading of the environment: a wrong value refuses to start, and says which and why."""

import os
from collections.abc import Collection
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


def text(name: str, default: str | None = None) -> str:
    """The variable as it stands; without a default an unset or empty one raises ImproperlyConfigured."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Rempart does not start without it outside the demo.")
    return default


def flag(name: str, default: bool = False) -> bool:
    """A yes/no variable (1, true, yes, on / 0, false, no, off); anything else raises ImproperlyConfigured."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def number(name: str, default: int) -> int:
    """A whole number; anything else raises ImproperlyConfigured."""
    value = os.environ.get(name) or str(default)
    if not value.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(name: str, default: str | None = None) -> dict[str, object]:
    """`postgres://user:password@host:port/name` (a unix socket folder goes in `?host=/folder`) as Django settings."""
    url = urlsplit(text(name, default))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgres://, not {url.scheme!r}.")
    query = dict(part.split("=", 1) for part in url.query.split("&") if "=" in part)
    return {
        "ENGINE": "django_tenants.postgresql_backend",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(query.get("host", "")) or (url.hostname or ""),
        "PORT": str(url.port or ""),
    }


def smtp(name: str, default: str) -> dict[str, object]:
    """`smtp://user:password@host:port` (smtps:// for TLS from the start, ?starttls=1) as Django's EMAIL_* settings."""
    url = urlsplit(text(name, default))
    if url.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured(f"{name} must begin with smtp:// or smtps://, not {url.scheme!r}.")
    return {
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": "starttls=1" in url.query,
        "EMAIL_TIMEOUT": 20,
    }


def imap(name: str) -> dict[str, object]:
    """`imaps://user:password@host:port/folder` (imap:// without TLS, ?starttls=1) as a mailbox's settings; {} unset."""
    written = text(name, "")
    if not written:
        return {}
    url = urlsplit(written)
    if url.scheme not in {"imap", "imaps"} or not url.hostname:
        raise ImproperlyConfigured(f"{name} must be imaps://user:password@host/folder, or imap:// without TLS.")
    security = "tls" if url.scheme == "imaps" else "starttls" if "starttls=1" in url.query else "none"
    try:
        port = url.port or (993 if url.scheme == "imaps" else 143)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has no such port.") from error
    return {
        "host": url.hostname,
        "port": port,
        "security": security,
        "user": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "folder": unquote(url.path.lstrip("/")) or "INBOX",
    }


def choice(name: str, choices: Collection[str], default: str) -> str:
    """One of the words that are known; another one raises ImproperlyConfigured."""
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(sorted(choices))}, not {value!r}.")
    return value


def is_installed(*modules: str) -> bool:
    """Whether one of these modules is installed; none is loaded."""
    return any(find_spec(module) is not None for module in modules)
