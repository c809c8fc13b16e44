"""Eyes on a page: pictures in both themes and widths, and the bars of the house held on each of them.

`Eyes.look` opens an address in light and dark, at 1360 and 390 px, keeps a picture of each, and refuses any content
policy violation, script error, missing file, accessibility violation (axe), or side scroll, down to 320 px.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

CHROMIUM = Path(os.environ.get("REMPART_CHROMIUM", "/usr/bin/chromium"))
PICTURES = Path(os.environ.get("REMPART_ARTEFACTS", ".rempart/pictures"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
THEMES = ("light", "dark")
WIDTHS = (1360, 390)
NARROW = (680, 320)  # 1360 px at 200 % zoom, and the narrowest telephone
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_LISTEN = """
    window.__violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.__violations.push(`${event.violatedDirective}: ${event.blockedURI} line ${event.lineNumber}`));
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's chromium, without a window and without the outer network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What went wrong on a page, in words."""

    heard: list[str] = field(default_factory=list)
    is_listening: bool = True

    def listen(self, page: Page) -> None:
        self.is_listening = True
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"script error: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if self.is_listening and message.type == "error" and "Failed to load resource" not in message.text:
            self.heard.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.heard.append(f"{response.status} {response.url}")

    def close_with(self, page: Page, where: str) -> None:
        """Notes the policy's violations and stops listening: axe, which comes next, injects styles of its own."""
        self.heard += [f"{where}: policy: {one}" for one in page.evaluate("window.__violations || []")]
        self.is_listening = False


class Eyes:
    """A chromium that looks at the pages of one running house, signed in or not."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._axe = Axe()

    def open(
        self, *, theme: str = "light", width: int = 1360, cookies: list[Mapping[str, Any]] | None = None
    ) -> BrowserContext:
        """A new profile, in French, with the theme of the system and the cookies given."""
        context = self.browser.new_context(
            color_scheme=theme,  # type: ignore[arg-type]
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
        )
        context.add_init_script(_LISTEN)
        if cookies:
            context.add_cookies(cookies)  # type: ignore[arg-type]
        return context

    def look(
        self,
        url: str,
        name: str,
        *,
        cookies: list[Mapping[str, Any]] | None = None,
        status: int = 200,
        prepare: Callable[[Page], None] = lambda page: None,
    ) -> None:
        """Looks at `url` in both themes and widths. Raises AssertionError with all that is wrong, in words."""
        complaints = Complaints()
        for theme in THEMES:
            context = self.open(theme=theme, cookies=cookies)
            page = context.new_page()
            complaints.listen(page)
            prepare(page)
            answer = page.goto(url, wait_until="load")
            assert answer is not None and answer.status == status, f"{url} answered {answer and answer.status}"
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.evaluate("document.fonts.ready")
                self.keep(page, f"{name}-{theme}-{width}")
            complaints.heard += self._side_scroll(page, name)
            complaints.close_with(page, f"{name}-{theme}")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                complaints.heard += self.barriers(page, f"{name}-{theme}-{width}")
            context.close()
        assert not complaints.heard, "\n".join(dict.fromkeys(complaints.heard))

    def keep(self, page: Page, name: str) -> None:
        """Keeps a picture of the page as it stands."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    def barriers(self, page: Page, name: str) -> list[str]:
        """The accessibility violations of the page as it stands, one line each."""
        found = self._axe.run(page, options={"runOnly": AXE_RULES, "resultTypes": ["violations"]})
        return [
            f"{name}: axe {one['id']} ({one['impact']}): {node['html'][:160]} | {node.get('failureSummary', '')[:200]}"
            for one in found.response["violations"]
            for node in one["nodes"][:3]
        ]

    def _side_scroll(self, page: Page, name: str) -> list[str]:
        wide = []
        for screen in (*WIDTHS, *NARROW):
            page.set_viewport_size({"width": screen, "height": 700})
            width = page.evaluate("document.documentElement.scrollWidth")
            wide += [f"{name}: {width} px wide at {screen} px"] if width > screen else []
        return wide
