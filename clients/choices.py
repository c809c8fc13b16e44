"""Closed lists of the client's peaceful days. Reading's label values live with the reading itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SourceKind(models.TextChoices):
    FEED = "feed", _("RSS, Atom or JSON feed")
    MASTODON = "mastodon", _("Mastodon")
    BLUESKY = "bluesky", _("Bluesky")
    X = "x", _("X")
    REDDIT = "reddit", _("Reddit")
    YOUTUBE = "youtube", _("YouTube comments")
    MAILBOX = "mailbox", _("Mailbox (IMAP)")
    TELEGRAM = "telegram", _("Telegram channel")
    BRANDWATCH = "brandwatch", _("Brandwatch")
    TALKWALKER = "talkwalker", _("Talkwalker")
    MENTION = "mention", _("Mention")
    YOUSCAN = "youscan", _("YouScan")
    IMPORT = "import", _("CSV or XLSX import")
    API = "api", _("Push API")


class RunOutcome(models.TextChoices):
    """What one reading of a source came to."""

    READ = "read", _("Read")
    UNCHANGED = "unchanged", _("Nothing new")
    FAILED = "failed", pgettext_lazy("reading of a source", "Failed")
    STOPPED = "stopped", pgettext_lazy("reading of a source", "Stopped")
    HELD = "held", _("Held back")  # by a quota, a budget or a host's pace: no call was made


class AlarmKind(models.TextChoices):
    """Why an ear needs somebody."""

    BLOCKED = "blocked", _("Does not answer")
    SILENT = "silent", _("Silent beyond its habit")
    HELD = "held", _("Held back by its quota or budget")


class Fold(models.TextChoices):
    """How a mention repeats its root."""

    REPOST = "repost", _("Repost")
    QUOTE = "quote", _("Quote")
    COPY = "copy", _("Same text")
    NEAR = "near", _("Nearly the same text")


FOLDED_AWAY = (Fold.REPOST, Fold.COPY, Fold.NEAR)  # a quote has words of its own: it is shown


class PositionKind(models.TextChoices):
    HOLDING = "holding", _("Holding statement")
    QA = "qa", _("Question and answer")
    SUBSTANCE = "substance", _("Substance")
    DO_NOT_SAY = "do_not_say", _("Do not say")


class Duty(models.TextChoices):
    """Who does a step when it burns: a part in the team, whoever holds it that night."""

    LEAD = "lead", _("Lead")
    SCRIBE = "scribe", _("Keeps the log")
    SPEAKER = "speaker", _("Speaks for the brand")
    APPROVER = "approver", _("Approves the words")
    LIAISON = "liaison", _("Talks with the client")


class ReportVersion(models.TextChoices):
    """Which version of a situation report somebody receives; both are made from one source."""

    TACTICAL = "tactical", _("Whole")
    EXECUTIVE = "executive", _("Three lines")


class ApprovedBy(models.TextChoices):
    """Whose agreement a step asks for: a role in the agency's team or at the client's, or a part held that night."""

    TEAM = "team", _("Another member of the team")
    LEAD = "lead", _("Lead or director")
    DIRECTOR = "director", _("Director")
    CLIENT = "client", _("The client’s approver")
    OWNER = "owner", _("The client’s owner")
    PART = "part", _("Whoever approves the words in the incident")


class AsksWhen(models.TextChoices):
    """In which case a step is asked for."""

    ALWAYS = "always", _("Always")
    INCIDENT = "incident", _("In an incident")
    CRISIS = "crisis", _("In a crisis")
    WORST = "worst", _("In severity 1 or 2")


class Rung(models.TextChoices):
    """Whom a rung of a ladder calls; the contact is the client's, all others are the agency's."""

    ON_CALL = "on_call", _("Whoever is on call")
    BACKUP = "backup", _("The backup")
    LEAD = "lead", _("Whoever leads the client’s team")
    DIRECTOR = "director", _("The directors of the agency")
    CONTACT = "contact", _("A contact of the client")


class ChannelKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    APPRISE = "apprise", _("SMS or chat")


class WordsState(models.TextChoices):
    """What became of the words somebody wrote for a position."""

    WAITING = "waiting", _("Waits for an approval")
    APPROVED = "approved", pgettext_lazy("words", "Approved")
    REFUSED = "refused", pgettext_lazy("words", "Refused")
    REPLACED = "replaced", _("Replaced before it was decided")


class Triage(models.TextChoices):
    """What a person has done with a mention."""

    NEW = "new", _("To sort")
    ATTACHED = "attached", _("Attached to an incident")
    SET_ASIDE = "set_aside", pgettext_lazy("mention", "Set aside")
    WAITING = "waiting", pgettext_lazy("mention", "Waiting")


class SortingKind(models.TextChoices):
    """What an act on mentions does to them."""

    SET_ASIDE = "set_aside", pgettext_lazy("act", "Set aside")
    PUT_BACK = "put_back", pgettext_lazy("act", "Put back")
    WAIT = "wait", pgettext_lazy("act", "Put off")
    ATTACH = "attach", pgettext_lazy("act", "Attached")
    DETACH = "detach", pgettext_lazy("act", "Detached")
    LABEL = "label", pgettext_lazy("act", "Label corrected")


class Axis(models.TextChoices):
    RELEVANCE = "relevance", _("Relevance")
    LANGUAGE = "language", _("Language")
    SENTIMENT = "sentiment", _("Sentiment")
    INTENT = "intent", _("Intent")
    ATTACK = "attack", _("Public attack")
    TARGET = "target", _("Target")
    AROUSAL = "arousal", _("Arousal")
    SCREENSHOT = "screenshot", _("Screenshot")
    IRONY = "irony", _("Irony (a hint)")
    LEVERAGE = "leverage", _("Who is called in")


class Attack(models.TextChoices):
    """A public blow to the reputation of the brand or its people, beyond asking for one's own problem to be solved."""

    YES = "yes", pgettext_lazy("attack", "Yes")
    NO = "no", pgettext_lazy("attack", "No")
    UNCERTAIN = "uncertain", _("Uncertain")


class Relevance(models.TextChoices):
    """Whether a mention is about the client at all: what is not is caught by no watch."""

    ABOUT = "about", _("About us")
    ELSEWHERE = "elsewhere", _("Not about us")


class Intent(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    QUESTION = "question", _("Question")
    ATTACK_BRAND = "attack_brand", _("Attack on the brand")
    ATTACK_CM = "attack_cm", _("Attack on the CM")
    MOCKERY = "mockery", _("Mockery")
    POPCORN = "popcorn", _("Popcorn")
    SUPPORT = "support", _("Support")
    NEWS = "news", _("News")
    CALL_TO_ACTION = "call_to_action", _("Call to action")
    LEGAL_THREAT = "legal_threat", _("Legal threat")
    SAFETY = "safety", _("Safety")
    OTHER = "other", _("Other")
    UNCERTAIN = "uncertain", _("Uncertain")


ATTACKS = (Intent.ATTACK_BRAND, Intent.ATTACK_CM)
URGENT = (Intent.SAFETY, Intent.LEGAL_THREAT, Intent.CALL_TO_ACTION)  # shown even when it repeats something


class Sentiment(models.TextChoices):
    NEGATIVE = "negative", _("Negative")
    NEUTRAL = "neutral", _("Neutral")
    POSITIVE = "positive", _("Positive")
    UNCERTAIN = "uncertain", _("Uncertain")


class LabelSource(models.TextChoices):
    RULE = "rule", _("Rule")
    MODEL = "model", _("Model")
    PERSON = "person", _("Person")


class ImportState(models.TextChoices):
    WAITING = "waiting", _("Columns to check")
    READY = "ready", _("In the queue")
    RUNNING = "running", _("Running")
    DONE = "done", pgettext_lazy("import", "Done")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", pgettext_lazy("import", "Stopped")


class PresumedRole(models.TextChoices):
    """What an account presumably is, by what it shows of itself."""

    PROFESSIONAL = "professional", _("CM or communications")
    BRAND = "brand", _("Brand or organisation")
    MEDIA = "media", _("Media or journalist")
    OFFICIAL = "official", _("Elected official")
    CUSTOMER = "customer", _("Customer")
    AUTOMATED = "automated", _("Automated")


class AssessmentState(models.TextChoices):
    PRESUMED = "presumed", _("Presumed")
    CONFIRMED = "confirmed", _("Confirmed by a person")
    REMOVED = "removed", _("Removed by a person")


class Party(models.TextChoices):
    """What an account put in cc is to the client."""

    PRESS = "press", _("Press")
    REGULATOR = "regulator", _("Regulator or authority")
    EXECUTIVE = "executive", _("Executive of the client")
    COMPETITOR = "competitor", _("Competitor")
    OTHER_CM = "other_cm", _("Another CM")
    PARTNER = "partner", _("Partner")
    CONTACT = "contact", _("Contact of the client")
    OFFICIAL = "official", _("Elected official")
    OURS = "ours", _("The brand’s own account")
    OTHER = "other", _("Other")


class ModelState(models.TextChoices):
    CANDIDATE = "candidate", _("Candidate")
    ACTIVE = "active", _("In use")
    REFUSED = "refused", _("Refused: worse than the one in use")
    RETIRED = "retired", _("No longer in use")


class DeliveryState(models.TextChoices):
    """What became of an event that one of the client's tools is told."""

    DUE = "due", pgettext_lazy("delivery", "To send")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    FAILED = "failed", pgettext_lazy("delivery", "Given up")


class EndpointStop(models.TextChoices):
    """Why one of the client's tools is told nothing any more."""

    PERSON = "person", _("Stopped by a person")
    GONE = "gone", _("It answered that it is gone (410)")
    EXHAUSTED = "exhausted", _("Every attempt failed")
