"""Which addresses belong to the public internet, and which ones a host has. Knows no Django."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

FORBIDDEN_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96",  # IPv4 written as IPv6, deprecated
        "64:ff9b:1::/48",  # a network's own translation prefix: whatever IPv4 hides behind it is local
        "fec0::/10",  # site-local, deprecated and still routed here and there
        "192.88.99.0/24",  # 6to4 relays
    )
)
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], Sequence[str]]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; addresses hidden inside others are unwrapped."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour
        if hidden is None and ip in TRANSLATED:
            hidden = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(str(hidden))
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in FORBIDDEN_NETWORKS)


def resolve_by_system(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order. Raises OSError (socket.gaierror) when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
