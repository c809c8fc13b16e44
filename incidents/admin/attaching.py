"""What the list to sort asks of the incidents: to take mentions in, and to let them go again."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency import clock
from agency.admin.guard import person_of
from agency.admin.palette import Group, Place
from agency.admin.sites import client_site
from clients.services.acts import Undone
from clients.services.triage import Moved
from incidents.admin.guard import incident_or_404, page_of
from incidents.selectors import incidents
from incidents.services import attachments
from incidents.services.refusals import Refused

MOST_IN_PALETTE = 50


def attach(request: HttpRequest) -> Callable[[int, list[int], int | None], tuple[str, Moved]]:
    """(incident's number, mentions, last act the page knew of) -> words and what became of them.

    Raises ValidationError where the incident refuses, Http404 for one that the person may not know of.
    """

    def carry_out(number: int, ids: list[int], seen: int | None) -> tuple[str, Moved]:
        subject, by = incident_or_404(request, number), person_of(request)
        try:
            done = attachments.attach(incident=subject, mention_ids=ids, by=by, now=clock.now(), seen=seen)
        except Refused as refusal:
            raise ValidationError(refusal.words, code=refusal.code) from refusal
        words = ngettext("%(count)d mention attached to %(ref)s", "%(count)d mentions attached to %(ref)s", done.new)
        if not done.new:  # the machine had put them there already: a person says that it was right
            words = _("Confirmed in %(ref)s: off the list to sort")
        return words % {"count": done.new, "ref": subject.reference}, done.moved

    return carry_out


def undo(request: HttpRequest) -> Callable[[int], Undone]:
    """(number of one's act) -> what is as before. Raises TooLate, and ValidationError where the incident refuses."""

    def carry_out(number: int) -> Undone:
        try:
            return attachments.undo(number=number, by=person_of(request), now=clock.now())
        except Refused as refusal:
            raise ValidationError(refusal.words, code=refusal.code) from refusal

    return carry_out


def palette(request: HttpRequest) -> Group:
    """The open incidents that the person may know of, for whoever goes there by a few letters."""
    going_on = incidents.going_on(person_of(request))[:MOST_IN_PALETTE]
    return Group(_("Incidents"), [Place(f"{one.reference} · {one.title}", page_of(one)) for one in going_on])


client_site.offer("palette_incidents", palette)
client_site.offer("attach", attach)
client_site.offer("undo_attached", undo)
