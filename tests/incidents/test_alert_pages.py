"""An alert answered by its link without an account, on the incident's page and on the desk."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from agency.models import Client, Membership, User
from clients.models import Contact
from incidents.models import Alert, AlertCall, Incident
from incidents.selectors import alerts
from incidents.services import answers, escalation, incidents
from tests import factories
from tests.conftest import NOW, MakePerson, host_of
from tests.incidents.ladders import AGENCY, Night, ladder, night, proposal
from tests.incidents.test_incidents import ANSWERS


@pytest.fixture
def there(aldane: Client, person: MakePerson):
    ladder(*AGENCY)
    with time_machine.travel(NOW, tick=False):
        yield night(aldane, person)


def link(there: Night) -> str:
    proposal()
    there.ring(NOW)
    return there.link()


class TestLink:
    """GET never decides; the button does, once; nobody else's link, no old one, no withdrawn one."""

    def test_a_mail_scanner_that_follows_it_decides_nothing(self, visit, aldane: Client, there: Night) -> None:
        page = visit(None, aldane).get(link(there))
        assert (page.status_code, Alert.objects.get().state) == (200, "calling")
        assert b'<button class="button is-primary"' in page.content

    def test_a_browser_may_send_its_button(self, aldane: Client, there: Night) -> None:
        """A page that sends no referrer even at home has browsers post from the origin "null": refused as a forgery."""
        path, browser = link(there), Browser(HTTP_HOST=host_of(aldane), enforce_csrf_checks=True)
        assert browser.get(path)["Referrer-Policy"] == "same-origin"
        given = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
        assert browser.post(path).status_code == 403
        assert browser.post(path, given, headers={"origin": f"http://{host_of(aldane)}"}).status_code == 302
        assert Alert.objects.get().answered_by == there.cm

    def test_who_was_called_for_the_proposal_does_not_answer_for_the_contacts(
        self, visit, aldane, there: Night
    ) -> None:
        ladder(("contact", 0, factories.contact()), name="Contacts", severities=[1, 2, 3, 4])
        path, incident = link(there), Incident.objects.get()
        incidents.confirm(incident=incident, title="Meute", lead=there.lead, answers=ANSWERS, by=there.lead, now=NOW)
        page = visit(None, aldane).post(path, follow=True).content.decode()
        assert there.lead.full_name in page and '<button class="button is-primary"' not in page
        proposed = Alert.objects.get(matter="proposed")
        visit(there.cm, aldane).post("/agence/incidents/1/alerte/", {"alert": proposed.pk})
        assert Alert.objects.get(matter="confirmed").state == "calling"

    def test_its_button_answers_in_the_name_of_its_recipient(self, visit, aldane: Client, there: Night) -> None:
        path, browser = link(there), visit(None, aldane)
        assert browser.post(path).status_code == 302
        alert = Alert.objects.get()
        assert (alert.state, alert.answered_by, alert.how) == ("answered", there.cm, "link")
        assert there.cm.full_name in browser.get(path).content.decode()
        assert b'<button class="button is-primary"' not in browser.get(path).content

    def test_the_second_is_told_who_was_first(self, visit, aldane: Client, there: Night) -> None:
        path = link(there)
        escalation.acknowledge(incident=Incident.objects.get(), by=there.lead, how="page", now=NOW)
        assert visit(None, aldane).post(path, follow=True).status_code == 200
        assert there.lead.full_name in visit(None, aldane).get(path).content.decode()
        assert Alert.objects.get().answered_by == there.lead

    def test_it_lives_as_long_as_its_alert_and_a_day_longer(self, visit, aldane: Client, there: Night) -> None:
        path, late, browser = link(there), NOW + timedelta(days=5), visit(None, aldane)
        with time_machine.travel(late, tick=False) as clock:
            assert browser.post(path).status_code == 302 and Alert.objects.get().answered_by == there.cm
            clock.move_to(late + timedelta(hours=23))
            assert there.cm.full_name in browser.get(path).content.decode()
            clock.move_to(late + timedelta(hours=25))
            assert browser.get(path).status_code == 410

    def test_of_an_incident_set_aside_it_says_so_for_a_day(self, visit, aldane: Client, there: Night) -> None:
        path, browser = link(there), visit(None, aldane)
        incidents.dismiss(incident=Incident.objects.get(), reason="Rien", by=there.lead, now=NOW)
        codes = []
        for hours in (23, 25):
            with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
                codes.append(browser.get(path).status_code)
        assert codes == [200, 410]

    @pytest.mark.parametrize("why", ["withdrawn", "left", "outside", "moved"])
    def test_it_is_worth_nothing_once_its_recipient_may_not_answer(self, visit, aldane, there: Night, why: str) -> None:
        path = link(there)
        if why == "withdrawn":
            answers.withdraw_links(alert=Alert.objects.get(), by=there.lead, now=NOW)
        elif why == "left":
            Membership.objects.filter(user=there.cm).delete()
        elif why == "moved":
            User.objects.filter(pk=there.cm.pk).update(email="ailleurs@example.test")
        else:
            Incident.objects.update(is_restricted=True)
        assert visit(None, aldane).post(path).status_code == 410
        assert Alert.objects.get().state == "calling"

    def test_changed_by_a_letter_or_taken_elsewhere_it_is_nothing(self, visit, aldane, tramontel, there: Night) -> None:
        path = link(there)
        assert visit(None, aldane).get(path[:-2] + "x/").status_code == 404
        assert visit(None, tramontel).get(path).status_code == 404

    def test_it_says_nothing_of_a_restricted_incident(self, visit, aldane: Client, there: Night) -> None:
        proposal()
        Incident.objects.update(is_restricted=True, title="Secret de famille")
        for minutes in range(31):
            there.ring(NOW + timedelta(minutes=minutes))
        page = visit(None, aldane).get(there.link()).content.decode()
        assert "INC-0001" in page and "Secret" not in page

    def test_a_contact_answers_without_an_account(self, visit, aldane: Client, there: Night) -> None:
        claire = factories.contact()
        alert = Alert.objects.create(
            incident=proposal(), matter="confirmed", severity=1, state="stopped", started_at=NOW, remind_at=NOW
        )
        Alert.objects.filter(state="calling").delete()
        Alert.objects.filter(pk=alert.pk).update(state="calling")
        AlertCall.objects.create(alert=alert, place=1, target="contact", contact=claire, due_at=NOW)
        there.ring(NOW)
        visit(None, aldane).post(there.link())
        assert Alert.objects.get().answered_contact == claire
        Contact.objects.update(is_active=False)
        assert visit(None, aldane).get(there.link()).status_code == 410


class TestDesk:
    """Above everything: what nobody has answered, and for how long; what nobody was told of is a red band."""

    def test_it_counts_the_minutes(self, visit, there: Night) -> None:
        proposal()
        there.ring(NOW)
        with time_machine.travel(NOW + timedelta(minutes=12), tick=False):
            page = visit(there.lead).get("/").content.decode()
        band = page[page.index('id="desk-alerts"') :]
        assert "12 minutes" in band and "INC-0001" in band and "level-crise" not in band.split("</section>")[0][:600]

    def test_nobody_told_is_a_red_band(self, visit, aldane: Client, person: MakePerson) -> None:
        director = person("director", aldane)
        with time_machine.travel(NOW, tick=False):
            proposal()
            page = visit(director).get("/").content.decode()
        assert 'role="alert"' in page and "level-crise" in page

    def test_a_restricted_one_is_seen_by_its_insiders_only(self, visit, there: Night) -> None:
        proposal()
        Incident.objects.update(is_restricted=True)
        assert b"INC-0001" not in visit(there.lead).get("/").content
        assert b"INC-0001" in visit(there.director).get("/").content


class TestPage:
    """The card of the incident's page, and its gestures."""

    def test_it_tells_who_was_called_and_takes_the_answer(self, visit, aldane: Client, there: Night) -> None:
        proposal()
        there.ring(NOW)
        browser = visit(there.lead, aldane)
        page = browser.get("/agence/incidents/1/").content.decode()
        assert 'id="alert-band"' in page and there.cm.email in page
        browser.post("/agence/incidents/1/alerte/")
        assert Alert.objects.get().answered_by == there.lead
        assert browser.post("/agence/incidents/1/alerte/", follow=True).content.decode().count(there.lead.full_name) > 0

    def test_it_is_silenced_with_a_reason_and_speaks_again(self, visit, aldane: Client, there: Night) -> None:
        proposal()
        browser = visit(there.lead, aldane)
        browser.post("/agence/incidents/1/alerte/taire/", {"reason": ""})
        assert Alert.objects.get().silenced_at is None
        browser.post("/agence/incidents/1/alerte/taire/", {"reason": "Je suis dessus"})
        assert Alert.objects.get().silence_reason == "Je suis dessus"
        browser.post("/agence/incidents/1/alerte/reprendre/")
        assert Alert.objects.get().silenced_at is None

    def test_taking_the_incident_with_one_key_answers_too(self, visit, aldane: Client, there: Night) -> None:
        proposal()
        visit(there.cm, aldane).post("/agence/incidents/1/prendre/")
        assert Alert.objects.get().how == "claim"

    def test_a_contact_of_what_is_restricted_since_is_not_announced(self, visit, aldane, there: Night) -> None:
        ladder(("contact", 0, factories.contact()), name="Contacts", severities=[1, 2, 3, 4])
        incident = proposal()
        incidents.confirm(incident=incident, title="Meute", lead=there.lead, answers=ANSWERS, by=there.lead, now=NOW)
        browser = visit(there.director, aldane)
        before = browser.get("/agence/incidents/1/").content.decode()
        Incident.objects.update(is_restricted=True)
        page, desk = browser.get("/agence/incidents/1/").content.decode(), visit(there.director).get("/").content
        assert "Prochain appel" in before and "Prochain appel" not in page
        assert alerts.unanswered([aldane], person=there.director)[0].next_at is None and b"INC-0001" in desk
