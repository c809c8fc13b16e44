"""Words before they leave, in the demo: who approves what, a reply that waits for the client, a mention left alone."""

from collections.abc import Callable
from datetime import datetime, timedelta

from agency.models import User
from clients.choices import ApprovedBy, AsksWhen, Intent
from clients.models import ApprovalPolicy, Brand, Mention, Position
from incidents.choices import DraftKind, DraftState, Network
from incidents.models import Draft, Incident
from incidents.selectors.drafts import signer_of
from incidents.services import approvals, drafts, silences

CLIENTS_APPROVER = "yann@tramontel.example"
PINNED = "Toutes les traversées de ce soir sont maintenues. Le message « traversée annulée » est parti par erreur."


def policy() -> None:
    """A lead always; the client as well in a crisis."""
    steps = ApprovalPolicy.objects.create().steps
    steps.create(rank=1, role=ApprovedBy.LEAD, minutes=20)
    steps.create(rank=2, role=ApprovedBy.CLIENT, minutes=45, asks_when=AsksWhen.CRISIS)


def wait(*, writer: User, lead: User, now: datetime) -> None:
    """A statement that the lead approved and that waits for the client; a mention left unanswered for a day."""
    brand = Brand.objects.order_by("pk").first()
    if brand is None:
        return
    own = ApprovalPolicy.objects.create(brand=brand).steps
    own.create(rank=1, role=ApprovedBy.LEAD, minutes=20)
    own.create(rank=2, role=ApprovedBy.CLIENT, minutes=24 * 60)
    position = Position.objects.filter(brand=brand, approved_at__isnull=False).order_by("code").first()
    about = drafts.About(
        brand=brand, subject="Réponse type sur les remboursements de novembre", kind=DraftKind.STATEMENT,
        network=Network.MASTODON, position=position,
    )  # fmt: skip
    text = (
        "Vos remboursements de novembre partent cette semaine. Sans nouvelles jeudi, écrivez-nous ici : une personne "
        "reprend votre dossier le jour même."
    )
    began = now - timedelta(hours=2)
    draft = drafts.begin(about=about, text=text, by=writer, now=began)
    drafts.submit(draft=draft, version=1, by=writer, now=began)
    approvals.decide(draft=draft, version=1, is_yes=True, by=signer_of(lead), now=began + timedelta(minutes=9))
    mention = Mention.objects.filter(intent=Intent.COMPLAINT).order_by("-published_at", "-pk").first()
    if mention is not None:
        reason = "Répondu par téléphone ce matin ; on regarde si le sujet reprend."
        silences.decide(mention=mention, reason=reason, look_again_at=now + timedelta(days=1), by=writer, now=began)


def first_word(
    *, incident: Incident, writer: User, lead: User, at: Callable[[float], datetime], minutes: float
) -> None:
    """What was pinned that evening: written, approved by the lead and the client, posted by a person."""
    about = drafts.About(
        brand=incident.brand, subject="Démenti épinglé", kind=DraftKind.STATEMENT, network=Network.X, incident=incident
    )
    draft = drafts.begin(about=about, text=PINNED, by=writer, now=at(minutes))
    drafts.submit(draft=draft, version=1, by=writer, now=at(minutes))
    for number, person in enumerate((lead, User.objects.get(email=CLIENTS_APPROVER)), start=1):
        if Draft.objects.get(pk=draft.pk).state != DraftState.APPROVED:
            at_the_time = at(minutes + number * 0.5)
            approvals.decide(draft=draft, version=1, is_yes=True, by=signer_of(person), now=at_the_time)
    posted = at(minutes + 2)
    drafts.publish(
        draft=draft, version=1, url="https://parvis.example/tramontel/dementi", at=posted, by=writer, now=posted
    )
