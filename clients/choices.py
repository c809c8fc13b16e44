"""Closed lists of the client's peaceful days. Reading's label values live with the reading itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SourceKind(models.TextChoices):
    FEED = "feed", _("RSS, Atom or JSON feed")
    IMPORT = "import", _("CSV import")
    API = "api", _("Push API")


class PositionKind(models.TextChoices):
    HOLDING = "holding", _("Holding statement")
    QA = "qa", _("Question and answer")
    SUBSTANCE = "substance", _("Substance")
    DO_NOT_SAY = "do_not_say", _("Do not say")


class Triage(models.TextChoices):
    """What a person has done with a mention."""

    NEW = "new", _("To sort")
    ATTACHED = "attached", _("Attached to an incident")
    SET_ASIDE = "set_aside", pgettext_lazy("mention", "Set aside")


class Axis(models.TextChoices):
    LANGUAGE = "language", _("Language")
    SENTIMENT = "sentiment", _("Sentiment")
    INTENT = "intent", _("Intent")
    LEVERAGE = "leverage", _("Who is called in")


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
