"""The door to the outer network, tried on a real server of loopback."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agency.addresses import is_public
from agency.http import Door, Refused, TooLarge, TooSlow, Unreachable
from tests.loopback import Answer, Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def door() -> Door:
    return Door(timeout_s=5, max_bytes=10_000, allow_private=True, version="1.2")


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:1::1",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_passes_for_public_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.0.6.139", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_a_page_is_read_with_our_name_and_no_cookie(site: Site, door: Door) -> None:
    url = site.lay("/a", "hello", Set_Cookie="a=b")
    door.get(url)
    answer = door.get(url, {"If-None-Match": '"x"'})
    assert (answer.status, answer.body, answer.url, answer.permanent_url) == (200, b"hello", url, url)
    asked = site.asked[-1][1]
    assert asked["user-agent"] == "Rempart/1.2"
    assert asked["if-none-match"] == '"x"'
    assert "cookie" not in asked


def test_proxies_of_the_environment_are_ignored(site: Site, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert door.get(site.lay("/a", "direct")).body == b"direct"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]"])
def test_every_spelling_of_loopback_is_refused_before_a_byte_is_sent(site: Site, host: str) -> None:
    with pytest.raises(Refused) as refusal:
        Door(timeout_s=5).get(f"http://{host}:{site.port}/a")
    assert refusal.value.code == "private_address"
    assert site.asked == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/x", "gopher://a.example", "//a.example", "x"])
def test_only_http_and_https_are_visited(door: Door, url: str) -> None:
    with pytest.raises(Refused, match="only http and https"):
        door.get(url)


@pytest.mark.parametrize(
    "url", ["", "http://", "http://[::1", "https:///path", "http://a.example:99999/", "http://\x00/"]
)
def test_what_is_not_an_address_is_refused(door: Door, url: str) -> None:
    with pytest.raises(Refused):
        door.get(url)


def test_a_name_with_one_private_address_is_refused_whole(site: Site) -> None:
    with pytest.raises(Refused, match="not on the public internet"):
        Door(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"]).get("http://mixed.example/")


def test_the_checked_address_is_the_one_connected_to(site: Site) -> None:
    """A rebinding name answers public once, private ever after: it must be asked only once."""
    answers = iter([["127.0.0.1"]])
    door = Door(allow_private=True, resolve=lambda host, port: next(answers))
    site.lay("/", "once")
    assert door.get(f"http://rebound.example:{site.port}/").body == b"once"
    assert site.asked[0][1]["host"] == f"rebound.example:{site.port}"


def test_a_redirect_to_a_private_address_is_refused(site: Site) -> None:
    """The first hop is let through as if public; the address of the second is judged on its own."""
    site.lay("/", status=302, Location=f"http://inside.example:{site.port}/secret")
    hops = {"outside.example": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}

    class FirstHopOpen(Door):
        @property
        def allow_private(self) -> bool:
            return not site.asked

        @allow_private.setter
        def allow_private(self, value: bool) -> None: ...

    with pytest.raises(Refused, match=r"inside\.example is not on the public internet"):
        FirstHopOpen(resolve=lambda host, port: hops[host]).get(f"http://outside.example:{site.port}/")


def test_a_chain_of_permanent_redirects_gives_the_new_address_up_to_the_first_temporary_one(
    site: Site, door: Door
) -> None:
    start = site.lay("/1", status=301, Location="/2")
    site.lay("/2", status=308, Location="/3")
    site.lay("/3", status=302, Location="/4")
    site.lay("/4", status=301, Location="/5")
    site.lay("/5", "here")
    answer = door.get(start)
    assert (answer.body, answer.url, answer.permanent_url) == (b"here", site.base + "/5", site.base + "/3")


def test_redirects_end_after_five(site: Site, door: Door) -> None:
    with pytest.raises(Refused, match="more than 5 redirects"):
        door.get(site.lay("/loop", status=302, Location="/loop"))
    assert len(site.asked) == 6


def test_a_redirect_to_a_file_is_refused(site: Site, door: Door) -> None:
    with pytest.raises(Refused, match="only http and https"):
        door.get(site.lay("/f", status=302, Location="file:///etc/passwd"))


def test_a_password_stays_with_the_host_it_was_given_for(site: Site, door: Door) -> None:
    site.lay("/same", status=302, Location="/end")
    site.lay("/other", status=302, Location=f"http://localhost:{site.port}/end")
    site.lay("/end", "end")
    door.get(site.base + "/same", auth=("marie", "secret"))
    door.get(site.base + "/other", auth=("marie", "secret"))
    sent = [headers.get("authorization", "") for path, headers in site.asked if path == "/end"]
    assert sent == ["Basic bWFyaWU6c2VjcmV0", ""]


def test_a_key_under_another_name_is_not_carried_to_another_server_either(site: Site, door: Door) -> None:
    with serving() as other:
        for name, target in (("/away", other.lay("/end", "there")), ("/near", site.lay("/end", "here"))):
            door.get(site.lay(name, status=302, Location=target), {"X-API-KEY": "sesame", "If-None-Match": '"v1"'})
        assert [headers.get("x-api-key") for path, headers in other.asked] == [None]
        assert other.asked[0][1]["if-none-match"] == '"v1"'
    assert [headers.get("x-api-key") for path, headers in site.asked if path == "/end"] == ["sesame"]


def test_a_long_answer_is_refused_by_its_promise_and_by_its_bytes(site: Site, door: Door) -> None:
    with pytest.raises(TooLarge):
        door.get(site.lay("/long", b"x" * 10_001))
    assert len(door.get(site.lay("/just", b"x" * 10_000)).body) == 10_000


def test_a_zip_bomb_is_refused_in_little_memory(site: Site, door: Door) -> None:
    bomb = gzip.compress(b"\0" * 9_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(TooLarge):
        door.get(site.lay("/bomb", bomb, Content_Encoding="gzip"))


def test_a_zipped_answer_is_unzipped_and_a_cut_one_is_an_error(site: Site, door: Door) -> None:
    zipped = gzip.compress(b"bonjour " * 50)
    assert door.get(site.lay("/z", zipped, Content_Encoding="gzip")).body == b"bonjour " * 50
    with pytest.raises(Unreachable, match="cut"):
        door.get(site.lay("/cut", zipped[:-12], Content_Encoding="gzip"))
    with pytest.raises(Unreachable, match="damaged"):
        door.get(site.lay("/bad", b"not gzip", Content_Encoding="gzip"))


def test_the_page_of_an_error_is_cut_rather_than_hiding_its_status(site: Site, door: Door) -> None:
    answer = door.get(site.lay("/busy", b"x" * 50_000, status=503, Retry_After="9"))
    assert (answer.status, answer.headers["retry-after"], len(answer.body)) == (503, "9", 10_000)


def test_a_drip_of_bytes_does_not_prolong_the_deadline(site: Site) -> None:
    site.pages["/drip"] = Answer(body=b"x" * 100, drip_s=0.1)
    started = time.monotonic()
    with pytest.raises(TooSlow):
        Door(timeout_s=0.5, allow_private=True).get(site.base + "/drip")
    assert time.monotonic() - started < 1.5


def test_a_server_that_never_answers_is_left(door: Door) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TooSlow):
        Door(timeout_s=0.3, allow_private=True).get(f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_a_resolver_that_hangs_is_left() -> None:
    hang = threading.Event()
    with pytest.raises(TooSlow):
        Door(timeout_s=0.2, resolve=lambda host, port: [str(hang.wait(2))]).get("http://slow.example/")
    hang.set()


def test_an_unknown_name_and_a_closed_port_say_so() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("unknown")

    with pytest.raises(Unreachable) as nobody:
        Door(resolve=unknown).get("http://nowhere.example/")
    with pytest.raises(Unreachable) as closed:
        Door(allow_private=True).get("http://127.0.0.1:9/")
    assert (nobody.value.code, closed.value.code) == ("dns", "connection")


def test_an_answer_that_breaks_off_or_is_not_http_says_so(site: Site, door: Door) -> None:
    site.pages["/short"] = Answer(body=b"half", promise=100)
    with pytest.raises(Unreachable) as broken:
        door.get(site.base + "/short")
    assert broken.value.code == "protocol"


def _secure(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    certificate, key = folder / "cert.pem", folder / "key.pem"
    asked = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name} -addext subjectAltName=DNS:{name}".split()
    subprocess.run(["openssl", *asked, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return certificate, server


def test_the_certificate_is_checked_against_the_name_not_the_address(tmp_path: Path) -> None:
    with serving() as site:
        certificate, server = _secure(tmp_path, "feeds.example")
        site.secure(server)
        site.lay("/", "secured")
        trusting = ssl.create_default_context(cafile=str(certificate))
        to_loopback = Door(5, allow_private=True, resolve=lambda host, port: ["127.0.0.1"], tls=trusting)
        assert to_loopback.get(f"https://feeds.example:{site.port}/").body == b"secured"
        with pytest.raises(Unreachable) as other_name:
            to_loopback.get(f"https://other.example:{site.port}/")
        with pytest.raises(Unreachable) as untrusted:
            Door(5, allow_private=True, resolve=to_loopback._resolve).get(f"https://feeds.example:{site.port}/")
    assert (other_name.value.code, untrusted.value.code) == ("tls", "tls")
