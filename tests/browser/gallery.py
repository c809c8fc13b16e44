"""Pages made of every component, with invented people: what the look must hold before any room is built with it.

They are not in the product: `serve` answers them from within the browser, on the house's own address and under its own
content policy, so that fonts, sheets, icons and modules come from the running house.
"""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from csp.utils import build_policy
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Page, Route

PAGES = Path(__file__).parent / "pages"
SECTIONS = [
    {"label": "Tri", "url": "/tri/", "is_current": True},
    {"label": "Incidents", "url": "/incidents/", "is_current": False},
    {"label": "Positions", "url": "/positions/", "is_current": False},
    {"label": "Hiérarchie", "url": "/hierarchie/", "is_current": False},
    {"label": "Exercices", "url": "/exercices/", "is_current": False},
]
ROWS = [
    ("22:04", "@marie_c", 2400, "customer", "Même souci en mars, réglé en deux jours."),
    (
        "21:59",
        "@cm_rapid",
        15300,
        "instigator",
        "@MaisonAldane trois semaines pour un remboursement, vraiment ? cc @directrice",
    ),
    ("21:56", "@jules_tw", 860, "pack", "Ça sent le rétropédalage chez @MaisonAldane"),
    ("21:53", "@lea_social", 120, "popcorn", "Je sors le popcorn"),
    ("21:50", "@le_cm_du_soir", 2400, "ally", "Un confrère, franchement ? Pas très élégant."),
    ("21:47", "@gazette_du_soir", 48200, "media", "Polémique chez @MaisonAldane : " + "x" * 90),
]
PACK = [("instigator", 1, 6), ("pack", 8, 41), ("popcorn", 31, 52), ("customer", 2, 2), ("ally", 3, 3)]
LOG = [
    (3, "22:01", "Lou", "Pas de réponse au deuxième message : règle du silence."),
    (2, "21:42", "Lou", "Point de situation nº 2 envoyé à C. Marchetti, lu à 21:44."),
    (1, "21:24", "Inès", "Position P-07 publiée, telle que validée le 3 octobre."),
]


def write(name: str, **more: Any) -> str:
    """The HTML of one page of the gallery, in French, for somebody signed in to the house of Maison Aldane."""
    request = RequestFactory().get(f"/galerie/{name}/", {"page": 2})
    request.user = SimpleNamespace(is_authenticated=True, get_short_name="Lou")  # type: ignore[assignment]
    request.tenant = None  # type: ignore[attr-defined]
    keys = ("at", "who", "reach", "role", "text")
    context = {
        "client": SimpleNamespace(name="Maison Aldane", timezone="Europe/Paris"),
        "user": request.user,
        "sections": SECTIONS,
        "rows": [dict(zip(keys, row, strict=True)) for row in ROWS],
        "pack": PACK,
        "log": LOG,
        "figure": 19,
        "page": Paginator(range(100), 10).page(2),
        "live_url": f"/galerie/{name}/",
        **more,
    }
    with translation.override("fr"):
        return str(engines["django"].from_string((PAGES / f"{name}.html").read_text()).render(context, request))


def answer(route: Route, html: str, headers: Mapping[str, str] | None = None) -> None:
    """Fulfils the browser's request with `html` under the house's content policy."""
    policy = build_policy()
    route.fulfill(
        status=200, content_type="text/html", body=html, headers={"Content-Security-Policy": policy, **(headers or {})}
    )


def serve(page: Page, url: str, html: str) -> None:
    """Answers `url` with `html`, within this page only."""
    page.route(url, lambda route: answer(route, html))
