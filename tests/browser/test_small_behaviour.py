"""The small modules: theme, keys, live, copy, undo. Each is seen doing its one thing under the strict policy."""

from playwright.sync_api import Page, Route, expect

from tests.browser import gallery
from tests.browser.conftest import House
from tests.browser.eyes import Eyes

UNDO = {"text": "12 mentions classées", "url": "/annuler/"}


def open_page(house: House, eyes: Eyes, name: str, **more: object) -> Page:
    page = eyes.open(width=int(str(more.pop("width", 1360)))).new_page()
    page.clock.install()
    url = house.url(f"/galerie/{name}/")
    gallery.serve(page, f"{url}*", gallery.write(name, **more))
    page.goto(url)
    return page


def test_the_theme_is_switched_and_remembered(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "triage")
    page.get_by_role("button", name="Thème sombre").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Thème clair").click()
    assert page.evaluate("localStorage.theme") == "auto"  # what the system wants: nothing left to remember


def test_j_walks_and_x_ticks(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "triage")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#m3.is-current")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Cocher @jules_tw")).to_be_checked()


def test_keys_can_be_switched_off(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "triage")
    page.keyboard.press("?")
    page.get_by_role("button", name="Désactiver les touches").click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#m2.is-current")).to_be_visible()


def test_the_menu_opens_on_a_phone(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "triage", width=390)
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Incidents")).to_be_visible()
    assert not eyes.barriers(page, "menu")
    eyes.keep(page, "gallery-menu-390")


def test_a_live_page_swaps_its_figures_and_holds_its_log(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "live")
    longer = [(4, "22:09", "Lou", "Point nº 3 envoyé."), *gallery.LOG]
    gallery.serve(page, house.url("/galerie/live/"), gallery.write("live", figure=12, log=longer, level="crisis"))
    page.clock.run_for(10_500)
    expect(page.locator("#numbers .value").first).to_have_text("12")
    expect(page.locator("#bottom-line")).to_have_class("bottom-line level-crise")
    expect(page.locator("#log > li")).to_have_count(3)
    page.get_by_role("button", name="1 nouveauté : l’afficher").click()
    expect(page.locator("#log > li")).to_have_count(4)


def test_a_lost_connection_is_said_after_two_failures(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "live")
    page.route(house.url("/galerie/live/"), lambda route: route.abort())
    page.clock.run_for(10_500)
    expect(page.locator("[data-live-status]")).to_contain_text("À jour à")
    page.wait_for_timeout(200)
    page.clock.run_for(10_500)
    expect(page.locator("[data-live-status]")).to_contain_text("Connexion perdue, données de")
    eyes.keep(page, "gallery-lost")


def test_nothing_changes_when_nothing_is_new(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "live")
    asked: list[str | None] = []

    def unchanged(route: Route) -> None:
        asked.append(route.request.headers.get("if-none-match"))
        if len(asked) == 1:
            return gallery.answer(route, gallery.write("live"), {"ETag": '"7"'})
        return route.fulfill(status=304)

    page.route(house.url("/galerie/live/"), unchanged)
    page.clock.run_for(10_500)
    page.wait_for_timeout(200)
    page.clock.run_for(10_500)
    expect(page.locator("[data-live-status]")).not_to_have_class("is-lost")
    page.wait_for_timeout(200)
    assert asked == [None, '"7"']


def test_a_frozen_screen_asks_nothing(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "live")
    page.get_by_role("button", name="Figer l’écran").click()
    gallery.serve(page, house.url("/galerie/live/"), gallery.write("live", figure=12))
    page.clock.run_for(60_000)
    expect(page.locator("#numbers .value").first).to_have_text("19")


def test_the_point_is_copied(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "live")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier le point").click()
    expect(page.get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "[▲ NIVEAU 2] INC-0042"


def test_a_gesture_can_be_undone(house: House, eyes: Eyes) -> None:
    page = open_page(house, eyes, "triage")
    page.evaluate("detail => document.dispatchEvent(new CustomEvent('rempart:undo', {detail}))", UNDO)
    assert page.locator(".toast form").evaluate("form => form.action").endswith("/annuler/")
    assert not eyes.barriers(page, "toast")
    eyes.keep(page, "gallery-toast")
    page.get_by_role("button", name="Fermer").click()
    expect(page.locator(".toast")).to_have_count(0)
