"""One mail to each who leads a client's team, in their language: what the machine has to tell without being asked."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils import translation

from agency.access import leads_of
from agency.hosts import standing_url
from agency.mail import NotAccepted, Post
from agency.models import Client


class Told(NamedTuple):
    """`taken`: the mail server took it for somebody; `is_over`: or refuses it for good, and nothing is left to try."""

    taken: bool
    is_over: bool


def tell_leads(*, client: Client, post: Post, key: str, say: Callable[[str], tuple[str, str]]) -> Told:
    """Writes to each lead of the team what `say` gives for a language: (subject, body).

    `key`: what makes the mail this one and no other; sent again under the same key, it has the same Message-ID.
    """
    taken = refused = False
    for person in leads_of(client):
        with translation.override(person.language):
            subject, body = say(person.language)
        try:
            post.send(to=person.email, subject=subject, body=body, key=f"{client.schema_name}.{key}.{person.pk}")
            taken = True
        except NotAccepted as refusal:
            refused = refused or not refusal.is_passing
    return Told(taken, taken or refused)


def page_at(client: Client, path: str) -> str:
    """The address of a page on the client's host."""
    return standing_url(client.domains.filter(is_primary=True).values_list("domain", flat=True).get(), path)
