"""The demo's own pages: the simulated network, the caught mails, and its people on the sign-in page."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pytest_django.fixtures import Settings

from reports.demo.cast import PASSWORD
from reports.demo.mail import Letterbox, pages_of
from reports.demo.network import Network
from reports.demo.pages import Site, serve
from reports.demo.performances import Playbill
from tests.browser.eyes import Eyes

NOW = datetime(2026, 11, 23, 9, 3, tzinfo=UTC)


@contextmanager
def served(site: Site) -> Iterator[str]:
    server = serve(site, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_sign_in_page_offers_the_demos_people(
    look: Callable[..., None], settings: Settings, tmp_path: Path
) -> None:
    settings.STATE_FOLDER = tmp_path
    one = {"name": "Inès Caron", "role": "cm", "email": "ines@agence.example", "password": PASSWORD}
    (tmp_path / "demo.json").write_text(json.dumps({"logins": [{**one, "host": "agence.localhost"}]}))
    look("/compte/login/", "demo-sign-in")


def test_the_simulated_network(eyes: Eyes, tmp_path: Path) -> None:
    playbill = Playbill(tmp_path / "strikes.json")
    with served(Network("http://127.0.0.1:1", playbill, lambda: NOW)) as address:
        eyes.look(f"{address}/", "demo-network-calm")
        playbill.begin(NOW, NOW)
        eyes.look(f"{address}/", "demo-network-struck")
        eyes.look(f"{address}/posts/rapidolin-1-0", "demo-post")


def test_the_caught_mails(eyes: Eyes, tmp_path: Path) -> None:
    letterbox = Letterbox(tmp_path)
    with served(pages_of(letterbox)) as address:
        eyes.look(f"{address}/", "demo-mails-none")
        letterbox.keep(b"From: a@b.test\nTo: claire@aldane.example\nSubject: Point 1\n\nEN BREF\nRien.\n")
        eyes.look(f"{address}/", "demo-mails")
        eyes.look(f"{address}/messages/{letterbox.newest()[0].name}", "demo-mail")
