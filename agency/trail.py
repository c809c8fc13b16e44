"""What the trail's actions, and what they were done to, are called in words."""

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, str | Promise] = {
    "signin.done": _("Signed in"),
    "signin.failed": _("Wrong password"),
    "signin.refused": _("Right password, wrong door"),
    "handover.issued": _("Pass to a client made"),
    "handover.used": _("Entered the client’s desk"),
    "handover.refused": _("Pass to a client refused"),
    "client.opened": _("Client opened"),
    "client.deactivated": _("Client deactivated"),
    "client.reactivated": _("Client reactivated"),
    "person.added": _("Person added"),
    "person.changed": _("Person changed"),
    "person.invited": _("Link to set a password sent"),
    "person.deactivated": _("Person deactivated"),
    "person.reactivated": _("Person reactivated"),
    "person.second_factor_forgotten": _("Second factor forgotten"),
    "role.given": _("Role given"),
    "role.taken": _("Role taken away"),
    "key.made": _("Key made"),
    "key.rotated": _("Key rotated"),
    "key.revoked": _("Key revoked"),
    "feed.made": _("Address of a calendar made"),
    "feed.revoked": _("Address of a calendar taken back"),
    "trail.read": _("Trail read"),
    "report.edited": _("Report worded"),
    "report.published": _("Report signed and published"),
    "report.read": _("Report read"),
    "mentions.set_aside": _("Mentions set aside"),
    "labels.taken_back": _("Labels taken back"),
    "mentions.new": _("Mentions put back in the list"),
    "source.paused": _("Source paused"),
    "source.resumed": _("Source listened to again"),
    "position.written": _("Position written"),
    "position.described": _("Facts of a position changed"),
    "position.worded": _("Position given new words"),
    "position.approved": _("Position approved"),
    "position.refused": _("New words of a position refused"),
    "position.renewed": _("Position given a new last day"),
    "position.retired": _("Position retired"),
    "position.brought_back": _("Position brought back"),
    "draft.begun": _("Draft begun"),
    "draft.worded": _("Draft given new words"),
    "draft.submitted": _("Draft submitted for approval"),
    "draft.approved": _("Draft approved"),
    "draft.refused": _("Draft refused"),
    "draft.taken_back": _("Decision on a draft taken back"),
    "draft.fell_back": _("Approval of a draft passed to the fallback"),
    "draft.withdrawn": _("Draft withdrawn"),
    "draft.brought_back": _("Draft brought back"),
    "draft.published": _("Draft marked as published"),
    "silence.decided": _("Mention left unanswered"),
    "silence.looked": _("Unanswered mention looked at again"),
    "playbook.copied": _("Playbook copied from the starter set"),
    "playbook.reviewed": _("Playbook read again"),
    "cadence.changed": _("Cadence of situation reports changed"),
    "author.erased": _("Account erased"),
    "inbound.opened": _("Address for a tool opened"),
    "inbound.closed": _("Address for a tool closed"),
    "webhook.made": _("Webhook made"),
    "webhook.changed": _("Webhook changed"),
    "webhook.rotated": _("Secret of a webhook replaced"),
    "webhook.stopped": _("Webhook stopped"),
    "webhook.started": _("Webhook started again"),
    "webhook.removed": _("Webhook removed"),
    "webhook.tested": _("Test sent to a webhook"),
    "webhook.replayed": _("Events sent to a webhook again"),
    "rota.added": _("Shift put on the rota"),
    "rota.changed": _("Shift changed"),
    "rota.cut": _("Shift cut in two"),
    "rota.replaced": _("Shift given to somebody else"),
    "rota.swapped": _("Shifts swapped"),
    "rota.taken_off": _("Shift taken off the rota"),
    "rota.taken_back": _("Change to the rota undone"),
    "rota.offered": _("Shift offered to a colleague"),
    "rota.accepted": _("Shift taken from a colleague"),
    "rota.declined": _("Shift not taken from a colleague"),
    "rota.away": _("Absence noted"),
    "rota.not_away": _("Absence taken off"),
    "rota.away_again": _("Absence put back"),
    "rota.note_written": _("Note of a shift written"),
    "rota.note_read": _("Note of a shift read"),
}
_VERBS: dict[str, str | Promise] = {
    "added": _("Added"),
    "changed": _("Changed"),
    "deleted": _("Deleted"),
}
_SUBJECTS: dict[str, str | Promise] = {
    "client": _("client"),
    "person": _("person"),
    "key": _("API key"),
    "feed": _("calendar address"),
}


def words_of(action: str) -> str:
    """The action in words; one that another room wrote down keeps its own name."""
    return str(ACTIONS.get(action) or _VERBS.get(action.rpartition(".")[2]) or action)


def words_of_subject(subject: str) -> str:
    """What the action was done to: a table by the name it has on screen, or one of the agency's own three."""
    if subject in _SUBJECTS or "." not in subject:
        return str(_SUBJECTS.get(subject, subject))
    try:
        return str(apps.get_model(subject)._meta.verbose_name)
    except LookupError:  # a table that was renamed since
        return subject
