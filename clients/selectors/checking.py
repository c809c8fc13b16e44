"""What people are best asked about: what the machine left open, and a draw of what it answered, to know its worth.

The draw is by the mention's number alone: the same twentieth of all mentions for ever, whoever looks and whatever was
answered. A mention is checked whole once a person gave their word on each of the three axes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet
from django.db.models.expressions import CombinedExpression, Value
from django.db.models.lookups import LessThan

from clients.choices import Attack, Axis, Intent, LabelSource, Sentiment
from clients.models import Classification, Mention
from clients.selectors.shares import wilson

AXES = (Axis.INTENT, Axis.SENTIMENT, Axis.ATTACK)
DAYS = timedelta(days=90)
# Multiplicative hashing (Knuth 1998, 6.4): whole numbers spread evenly below 2^32; one in twenty is below the last.
_KEPT, _FACTOR, _RANGE = 2**31, 2_654_435_761, 2**32
_DRAWN_BELOW = _RANGE // 20
OPEN = Q(intent=Intent.UNCERTAIN) | Q(sentiment=Sentiment.UNCERTAIN) | Q(attack=Attack.UNCERTAIN)

# Of the drawn mentions checked whole: what the machine had said before a person's last word, against that word.
_CHECKED = """
SELECT p.value, (
    SELECT value FROM clients_classification x WHERE x.mention_id = p.mention_id AND x.axis = p.axis
        AND x.label_source <> 'person' AND x.created_at <= p.created_at ORDER BY created_at DESC, id DESC LIMIT 1
) FROM (
    SELECT DISTINCT ON (mention_id) mention_id, axis, value, created_at FROM clients_classification
    WHERE label_source = 'person' AND axis = %s AND created_at >= %s
        AND mention_id %% %s * %s %% %s < %s
    ORDER BY mention_id, created_at DESC, id DESC
) p WHERE (
    SELECT count(DISTINCT axis) FROM clients_classification y
    WHERE y.mention_id = p.mention_id AND y.label_source = 'person' AND y.axis = ANY(%s)
) = %s
"""


@dataclass(frozen=True)
class Accuracy:
    """Of `checked` mentions drawn and checked whole in 90 days, `answered` by the machine, `right` among those.

    `low`, `high`: the 95 % interval of right / answered (Wilson). `left_open`: checked too, but the person could not
    tell either; they are not among the `checked`, and count neither for nor against the machine.
    """

    checked: int
    left_open: int
    answered: int
    right: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.right / self.answered if self.answered else 0.0


def left_open(found: QuerySet[Mention]) -> QuerySet[Mention]:
    """Those on which the machine did not settle one axis at least, and of which nobody has spoken."""
    spoken = Classification.objects.filter(mention_id=OuterRef("pk"), label_source=LabelSource.PERSON, axis__in=AXES)
    return found.filter(OPEN, ~Exists(spoken))


def drawn(found: QuerySet[Mention]) -> QuerySet[Mention]:
    """The twentieth drawn, as far as it was read and not checked whole yet."""
    said = Classification.objects.filter(mention_id=OuterRef("pk"), label_source=LabelSource.PERSON)
    whole = Q(*(Exists(said.filter(axis=axis)) for axis in AXES))
    return found.filter(_is_drawn(), read_at__isnull=False).exclude(whole)


def _is_drawn() -> LessThan:
    place = _mod(_mod(F("pk"), _KEPT) * Value(_FACTOR), _RANGE)
    return LessThan(place, Value(_DRAWN_BELOW))


def _mod(number: F | CombinedExpression, by: int) -> CombinedExpression:
    return CombinedExpression(number, "%%", Value(by), output_field=IntegerField())


def accuracy(axis: str, now: datetime) -> Accuracy:
    """How often the machine's answers are right for this client, by what was drawn and checked."""
    draw = [_KEPT, _FACTOR, _RANGE, _DRAWN_BELOW]
    with connection.cursor() as cursor:
        cursor.execute(_CHECKED, [axis, now - DAYS, *draw, list(AXES), len(AXES)])
        rows = cursor.fetchall()
    judged = [row for row in rows if row[0] != "uncertain"]
    answered = [row for row in judged if row[1] not in {None, "uncertain"}]
    right = sum(person == machine for person, machine in answered)
    return Accuracy(len(judged), len(rows) - len(judged), len(answered), right, *wilson(right, len(answered)))
