"""A client's schema with one row in every table: what the isolation tests try to see from elsewhere."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Model
from django_tenants.utils import schema_context

from agency.models import Client, User
from clients import models as clients
from incidents import models, severity
from incidents.services import briefings, incidents, situation_reports, timeline
from reports.models import Report
from reports.services import reports
from tests.conftest import NOW
from tests.incidents.test_pictures import png

TENANT_MODELS: list[type[Model]] = [
    model for model in apps.get_models() if model._meta.app_label in settings.TENANT_APPS
]


@dataclass
class World:
    """The client, and one row of each of its tables by label."""

    client: Client
    rows: dict[str, Any]

    def __getitem__(self, label: str) -> Any:
        return self.rows[label]


def fill(client: Client, by: User) -> World:
    """One row in every table of the client's schema, made by a director; their words carry the schema's name."""
    with schema_context(client.schema_name):
        rows = [*_peace(client.schema_name, by), *_fire(client.schema_name, by)]
        world = World(client, {row._meta.label: row for row in rows})
        missing = [model._meta.label for model in TENANT_MODELS if model._meta.label not in world.rows]
    assert not missing, f"tests/world.py: make a row of {', '.join(missing)} in fill()"
    return world


def _peace(mark: str, by: User) -> list[Model]:
    brand = clients.Brand.objects.create(name=f"Marque {mark}")
    watch = clients.Watch.objects.create(brand=brand, name=f"Veille {mark}", include=[mark])
    source = clients.Source.objects.create(name=f"Fil {mark}", url=f"https://{mark}.test/fil")
    upload = clients.MentionImport.objects.create(source=source, file_name=f"{mark}.csv", by=by)
    upload.file.save(f"{mark}.csv", ContentFile(f"texte\n{mark}\n".encode()))
    author = clients.Author.objects.create(network="web", handle=f"auteur_{mark}", first_seen_at=NOW)
    mention = clients.Mention.objects.create(
        source=source, external_id="1", author=author, text=f"Dit de {mark}", published_at=NOW, collected_at=NOW
    )
    return [
        brand,
        watch,
        source,
        upload,
        author,
        mention,
        *_ladder(mark, clients.Contact.objects.create(name=f"Contact {mark}", email=f"contact@{mark}.test")),
        clients.Cadence.objects.create(severity=2, minutes=45, in_force_from=NOW, by_id=by.pk),
        clients.CollectorRun.objects.create(
            source=source, started_at=NOW, finished_at=NOW, outcome="failed", error=f"Refus de {mark}"
        ),
        clients.SourceAlarm.objects.create(
            source=source, kind="blocked", words=f"{mark} ne répond pas", words_en=f"{mark} is away", raised_at=NOW
        ),
        clients.MentionVersion.objects.create(
            mention=mention, text=f"Avant {mark}", sha256="", seen_from=NOW, seen_until=NOW
        ),
        clients.Fingerprint.objects.create(key=7, mention_id=mention.pk, seen_at=NOW),
        clients.Suppression.objects.create(
            network="web",
            handle_hmac=mark,
            author=clients.Author.objects.create(network="web", handle=f"effacé_{mark}", first_seen_at=NOW),
            reason=mark,
            by_id=by.pk,
            created_at=NOW,
        ),
        clients.InboundAddress.objects.create(source=source, digest=mark, made_at=NOW, by=by),
        clients.PushReceipt.objects.create(api_key_id=0, key=mark, body_sha256="", answer={}, received_at=NOW),
        clients.KeptAnswer.objects.create(
            api_key_id=0, key=mark, request_sha256="", asked_at=NOW, claimed_until=NOW, status=201, body=mark
        ),
        clients.WatchHit.objects.create(watch=watch, mention=mention, published_at=NOW),
        clients.Classification.objects.create(
            mention=mention, axis="intent", value="complaint", label_source="rule", created_at=NOW
        ),
        *_sorted(mark, mention, by),
        *_said(mark, brand, by),
        *_playbook(mark, by),
        *_read(mark, author, by),
        *_told_to_tools(mark, by),
    ]


def _told_to_tools(mark: str, by: User) -> list[Model]:
    """An endpoint that a person stopped: what the other tests do is not told to it."""
    endpoint = clients.WebhookEndpoint.objects.create(
        url=f"https://127.0.0.1:9/{mark}", description=f"Outil de {mark}", events=["incident.opened"],
        sealed="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        by=by, made_at=NOW, is_active=False,
    )  # fmt: skip
    event = clients.WebhookEvent.objects.create(
        kind="incident.opened", subject="incident/0", happened_at=NOW, facts={"title": f"Fait de {mark}"}
    )
    delivery = clients.WebhookDelivery.objects.create(endpoint=endpoint, event=event, state="failed", due_at=NOW)
    attempt = clients.WebhookAttempt.objects.create(delivery=delivery, at=NOW, milliseconds=7, answer=f"Non de {mark}")
    return [endpoint, event, delivery, attempt]


def _sorted(mark: str, mention: clients.Mention, by: User) -> list[Model]:
    act = clients.SortingAct.objects.create(kind="wait", by=by, done_at=NOW, kept={"said": mark})
    return [
        act,
        clients.SortedMention.objects.create(act=act, mention=mention, was="new", became="new"),
        clients.Waiting.objects.create(mention=mention, until=NOW + timedelta(days=1), by=by, since=NOW),
        clients.SavedFilter.objects.create(name=f"Liste {mark}", query="vue=tout", by=by, saved_at=NOW),
    ]


def _playbook(mark: str, by: User) -> list[Model]:
    playbook = clients.Playbook.objects.create(code="F-01", title=f"Fiche {mark}", owner=by, version=1)
    return [
        playbook,
        clients.PlaybookStep.objects.create(playbook=playbook, words=f"Étape de {mark}"),
        clients.PlaybookVersion.objects.create(
            playbook=playbook, number=1, content={"title": mark, "steps": []}, made_at=NOW, by=by
        ),
    ]


def _said(mark: str, brand: clients.Brand, by: User) -> list[Model]:
    position = clients.Position.objects.create(brand=brand, code="P-01", title=f"Position {mark}", short_text=mark)
    return [
        position,
        clients.PositionVersion.objects.create(position=position, number=1, short_text=mark, why=mark, written_at=NOW),
        clients.PositionCopy.objects.create(
            position=position, version=1, text=mark, language="fr", by=by, copied_at=NOW, reason=mark
        ),
    ]


def _read(mark: str, author: clients.Author, by: User) -> list[Model]:
    later = NOW + timedelta(days=30)
    return [
        clients.AuthorAssessment.objects.create(
            author=author, role="media", confidence=0.9, basis=[{"fr": mark, "en": mark}], assessed_at=NOW,
            expires_at=later,
        ),
        clients.KnownAccount.objects.create(handle=f"presse_{mark}", party="press", whom_to_warn=mark),
        clients.AgendaEntry.objects.create(title=f"Campagne {mark}", starts_at=NOW, ends_at=later),
        clients.StaffedHours.objects.create(weekday=0, opens_at=time(9), closes_at=time(18)),
        clients.ReadingModel.objects.create(axis="sentiment", version=mark, arrays=b"", trained_at=NOW),
        clients.SecondReading.objects.create(mention=author.mentions.get(), asked_at=NOW),
        clients.ReadingConsent.objects.create(is_given=False, words=mark, by_id=by.pk, given_at=NOW),
    ]  # fmt: skip


def _ladder(mark: str, contact: clients.Contact) -> list[Model]:
    policy = clients.EscalationPolicy.objects.create(name=f"Chaîne de {mark}", is_active=False)
    return [
        contact,
        clients.ContactChannel.objects.create(contact=contact, label=f"SMS de {mark}"),
        policy,
        clients.EscalationStep.objects.create(policy=policy, delay_minutes=0, target="contact", contact=contact),
    ]


def _alert(mark: str, incident: models.Incident) -> list[Model]:
    alert = models.Alert.objects.create(
        incident=incident, matter="confirmed", ladder=mark, state="stopped", started_at=NOW, remind_at=NOW
    )
    call = models.AlertCall.objects.create(
        alert=alert, place=1, target="on_call", due_at=NOW, state="failed", error=mark
    )
    reply = models.Reply.objects.create(key=mark, kind="bounce", call=call, counts=True, came_at=NOW)
    return [alert, call, reply]


def _fire(mark: str, by: User) -> list[Model]:
    """An incident under way with all its papers, and a closed one with its published report."""
    brand, watch, mention = clients.Brand.objects.get(), clients.Watch.objects.get(), clients.Mention.objects.get()
    contact = clients.Contact.objects.get()
    incident = _open(f"Coup contre {mark}", brand, by)
    entry = timeline.log(
        incident=incident, kind="fact", text=f"Vu par {mark}", happened_at=NOW, by=by, now=NOW, picture=png()
    )
    point = situation_reports.issue(
        incident=incident, bottom_line=f"Calme chez {mark}.", expected="", done="", do_not="", figures=[],
        next_at=NOW + timedelta(hours=1), is_last=False, contacts=[], by=by, now=NOW,
    )  # fmt: skip
    return [
        incident,
        entry,
        entry.picture,
        point,
        *_to_do(mark, incident),
        *_measured(mark, incident),
        *_drafts(mark, incident, mention, by),
        *_alert(mark, incident),
        *briefings.brief(incident=incident, contacts=[contact], subject=mark, body=mark, by=by, now=NOW),
        models.Signal.objects.create(
            watch=watch, started_at=NOW, detected_at=NOW, raised_at=NOW, observed=9, expected=1, window_minutes=60
        ),
        models.Baseline.objects.create(watch=watch, updated_at=NOW),
        models.IncidentMention.objects.create(incident=incident, mention=mention, attached_at=NOW),
        models.ParticipantRole.objects.create(
            incident=incident,
            author=clients.Author.objects.first(),
            role="relay",
            confidence=0.8,
            basis=[{"fr": mark, "en": mark}],
            read_at=NOW,
        ),
        models.IncidentReading.objects.create(incident=incident, read_at=NOW),
        models.Outlook.objects.create(incident=incident, made_at=NOW, phase="too_early", told={"fr": [mark]}),
        models.DutyHolder.objects.create(incident=incident, duty="scribe", person=by, since=NOW, by_id=by.pk),
        models.Composing.objects.create(incident=incident, person=by, since=NOW, seen_at=NOW),
        models.LateUpdate.objects.create(incident=incident, owed_at=NOW, remind_at=NOW, error=mark),
        models.Insider.objects.create(incident=incident, person=by, by_id=by.pk, named_at=NOW),
        models.Detachment.objects.create(incident=incident, mention=mention, by_id=1, detached_at=NOW),
        *_closing(mark, incident, by),
        _report(mark, brand, by),
    ]


def _closing(mark: str, incident: models.Incident, by: User) -> list[Model]:
    """When it is over, what was looked back on, what changes, and a hand-over on the way."""
    debrief = models.Debrief.objects.create(
        incident=incident, kind="hot", planned_at=NOW, host=by, people=mark, remind_at=NOW, by_id=by.pk, created_at=NOW
    )
    return [
        models.ExitCriterion.objects.create(incident=incident, number=90, words=f"Fini quand {mark}"),
        debrief,
        models.DebriefVersion.objects.create(debrief=debrief, number=1, content={"people": mark}, signed_at=NOW, by=by),
        models.FollowUp.objects.create(
            incident=incident, words=f"À changer chez {mark}", owner=by, due_on=NOW.date(), remind_at=NOW,
            by_id=by.pk, created_at=NOW,
        ),
        models.Relief.objects.create(incident=incident, by=by, situation=f"Relève de {mark}", offered_at=NOW),
    ]  # fmt: skip


def _drafts(mark: str, incident: models.Incident, mention: clients.Mention, by: User) -> list[Model]:
    """A reply that waits for its approval, and a mention left unanswered."""
    policy = clients.ApprovalPolicy.objects.create()
    draft = models.Draft.objects.create(
        brand=incident.brand, incident=incident, mention=mention, subject=f"Réponse de {mark}", state="waiting",
        created_at=NOW,
    )  # fmt: skip
    version = models.DraftVersion.objects.create(draft=draft, number=1, text=f"Mots de {mark}", written_at=NOW)
    step = models.ApprovalStep.objects.create(version=version, rank=1, role="client", opened_at=NOW, due_at=NOW)
    return [
        policy,
        clients.PolicyStep.objects.create(policy=policy, role="client"),
        draft,
        version,
        step,
        models.Approval.objects.create(
            step=step, signer="person:0", name=f"Accord de {mark}", is_yes=True, decided_at=NOW, taken_back_at=NOW
        ),
        models.NoAnswer.objects.create(
            mention=mention, reason=f"Silence de {mark}", by=by, decided_at=NOW, look_again_at=NOW, remind_at=NOW
        ),
    ]


def _measured(mark: str, incident: models.Incident) -> list[Model]:
    kind = models.MilestoneKind.objects.create(code="appel", words=f"Appel de {mark}")
    begins = models.MilestoneKind.objects.get(code="started")
    return [
        kind,
        models.MetricKind.objects.create(code="appel", words=f"Délai de {mark}", from_kind=begins, to_kind=kind),
        models.Milestone.objects.create(incident=incident, kind=kind, reached_at=NOW, note=mark),
    ]


def _to_do(mark: str, incident: models.Incident) -> list[Model]:
    version = clients.PlaybookVersion.objects.get()
    followed = models.FollowedPlaybook.objects.create(
        incident=incident, playbook=version.playbook, version=version, taken_at=NOW
    )
    task = models.Task.objects.create(
        incident=incident, followed=followed, number=1, words=f"Tâche de {mark}", due_at=NOW, remind_at=NOW,
        created_at=NOW,
    )  # fmt: skip
    return [followed, task]


def _open(title: str, brand: clients.Brand, by: User) -> models.Incident:
    answers = dict.fromkeys(severity.CODES, "no")
    return incidents.open_by_hand(brand=brand, title=title, started_at=NOW, lead=by, answers=answers, by=by, now=NOW)


def _report(mark: str, brand: clients.Brand, by: User) -> Report:
    closed = incidents.close(
        incident=_open(f"Fini chez {mark}", brand, by),
        note=f"Retenu de {mark}.",
        unmet="Tout est calme.",
        by=by,
        now=NOW + timedelta(hours=1),
    )
    draft = reports.draft(incident=closed, now=NOW + timedelta(hours=2))
    return reports.publish(report=draft, by=by, now=NOW + timedelta(hours=3))
