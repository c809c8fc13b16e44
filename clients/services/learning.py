"""A client's own reading models: fitted from its people's corrections, judged, put to use, rolled back."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.choices import ModelState
from clients.listening.reading import artefact, refit
from clients.listening.reading.attack import AttackClassifier
from clients.listening.reading.linear import LinearClassifier
from clients.listening.reading.reader import SHIPPED, Reader
from clients.listening.words import Words
from clients.models import ReadingModel
from clients.selectors import learning

log = logging.getLogger("rempart.reading")
Classifier = LinearClassifier | AttackClassifier

AXES = ("intent", "sentiment", "attack")  # those that a model reads
ENOUGH = 20  # new corrections before a model is fitted anew
ENOUGH_TO_JUDGE = 5
_CLAIM = "SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.learn.' || %s, 0))"

_FIRST = Words(
    "Premier modèle de ce client : {new} sur 1 aux {count} corrections mises à part, contre {old} au modèle livré.",
    "First model of this client: {new} out of 1 on {count} corrections kept apart, {old} for the shipped one.",
)
_BETTER = Words(
    "{new} sur 1 aux {count} corrections mises à part, contre {old} à celui qui servait.",
    "{new} out of 1 on {count} corrections kept apart, {old} for the one it replaces.",
)
_WORSE = Words(
    "{new} sur 1 aux {count} corrections mises à part : moins bien que {old}, celui qui sert reste.",
    "{new} out of 1 on {count} corrections kept apart: worse than {old}, the one in use stays.",
)
_UNJUDGED = Words(
    "{count} corrections mises à part : il en faut 5 pour juger un modèle.",
    "{count} corrections kept apart: 5 are needed to judge a model.",
)


def reader() -> Reader:
    """The reader of the client at hand: the shipped one, with the client's own models where it has some in use."""
    shipped = Reader.shipped()
    own = {row.axis: row for row in ReadingModel.objects.filter(state=ModelState.ACTIVE).defer("arrays")}
    parts = {axis: loaded for axis, row in own.items() if (loaded := _loaded(row)) is not None}
    if not parts:
        return shipped
    return replace(shipped, **{axis: parts.get(axis, getattr(shipped, axis)) for axis in AXES})  # type: ignore[arg-type]


def _loaded(row: ReadingModel) -> Classifier | None:
    """The classifier, kept in the process; None when it was altered, or made from a shipped model that is no more."""
    try:
        return _classifier(str(connection.schema_name), row.pk, row.card["sha256"])  # type: ignore[attr-defined]
    except (ValueError, KeyError):
        log.exception("The model %s cannot be used: the shipped one reads.", row.version)
        return None


@lru_cache(maxsize=200)
def _classifier(schema_name: str, pk: int, sha256: str) -> Classifier:
    row = ReadingModel.objects.get(pk=pk)
    base = artefact.load(SHIPPED, row.axis)
    if row.card.get("moved_from") != refit.origin(base):
        raise ValueError(f"{row.version} was made from {row.card.get('moved_from')}, {refit.origin(base)} is shipped.")
    return refit.classifier(base, refit.unpacked(base, bytes(row.arrays), row.version, sha256))


def learn_due(*, now: datetime, at_least: int = ENOUGH) -> list[ReadingModel]:
    """Fits a model for each axis with at least so many mentions corrected since its last one.

    With 0 a changed mind, an erased text or a new shipped model is enough: what is asked each night.
    """
    return [made for axis in AXES if (made := learn(axis=axis, now=now, at_least=at_least)) is not None]


@transaction.atomic
def learn(*, axis: str, now: datetime, at_least: int = ENOUGH) -> ReadingModel | None:
    """Fits the axis anew from all corrections; put to use only if the frozen hold-out is not worse for it.

    None when another worker is at it, when under 20 corrections were ever made, or too few since the last model.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [axis])
        if not cursor.fetchone()[0]:  # type: ignore[index]
            return None
    said, base = learning.corrections(axis), artefact.load(SHIPPED, axis)
    last = ReadingModel.objects.filter(axis=axis).order_by("-trained_at", "-id").first()
    if len(said) < ENOUGH or len(said) - _known_to(last) < at_least or not _is_news(last, said, base):
        return None
    return _fitted(base, said, now)


def _known_to(model: ReadingModel | None) -> int:
    return model.corrections + model.held_out if model else 0


def _is_news(last: ReadingModel | None, said: Sequence[refit.Corrected], base: artefact.Artefact) -> bool:
    """Whether the corrections, or the shipped model below them, differ from those the last model was made of."""
    made_of = {"corrections_sha256": learning.digest(said), "moved_from": refit.origin(base)}
    return last is None or any(last.card.get(name) != value for name, value in made_of.items())


def _fitted(base: artefact.Artefact, said: Sequence[refit.Corrected], now: datetime) -> ReadingModel:
    taught = [one for one in said if not one.is_kept_apart]
    apart = [one for one in said if one.is_kept_apart]
    axis = base.task
    made = refit.refit(base, taught, f"{axis}/{now:%Y-%m-%dT%H:%M:%S}+{len(taught)}")
    row = ReadingModel(
        axis=axis,
        version=made.version,
        arrays=refit.packed(made),
        card=_card(made, said),
        corrections=len(taught),
        held_out=len(apart),
        trained_at=now,
    )
    if len(apart) < ENOUGH_TO_JUDGE:
        row.why = _UNJUDGED.put(count=len(apart))._asdict()
        row.save()
        return row
    return _judged(row, refit.classifier(base, made), apart, now)


def _card(made: artefact.Artefact, said: Sequence[refit.Corrected]) -> dict[str, Any]:
    return {
        **made.card,
        "sha256": artefact.digest(made.arrays, made.reading),
        "corrections_sha256": learning.digest(said),
    }


def _judged(row: ReadingModel, made: Classifier, apart: Sequence[refit.Corrected], now: datetime) -> ReadingModel:
    """Keeps the model, in use if it is not worse than the one that is, refused otherwise; both figures are kept."""
    in_use = ReadingModel.objects.filter(axis=row.axis, state=ModelState.ACTIVE).first()
    loaded = _loaded(in_use) if in_use else None
    before = refit.judge(loaded or refit.classifier(artefact.load(SHIPPED, row.axis)), apart)
    after = refit.judge(made, apart)
    better = refit.is_not_worse(after, before)
    row.metrics = {"after": after.as_card(), "before": before.as_card()}
    words = (_BETTER if loaded else _FIRST) if better else _WORSE
    row.why = _in_figures(words, new=after.macro_f1, old=before.macro_f1, count=len(apart))._asdict()
    row.state = ModelState.CANDIDATE if better else ModelState.REFUSED
    row.save()
    if better:
        _put_to_use(row, now)
    return row


def _in_figures(words: Words, new: float, old: float, count: int) -> Words:
    """The two macro-F1 in the sentence, each language with its own decimal mark."""
    given = {"new": f"{new:.2f}", "old": f"{old:.2f}", "count": str(count)}
    return Words(
        words.fr.format(**{name: value.replace(".", ",") for name, value in given.items()}), words.put(**given).en
    )


def _put_to_use(row: ReadingModel, now: datetime) -> None:
    ReadingModel.objects.filter(axis=row.axis, state=ModelState.ACTIVE).update(state=ModelState.RETIRED)
    row.state, row.activated_at = ModelState.ACTIVE, now
    row.save(update_fields=["state", "activated_at", "by_id"])


@transaction.atomic
def use(*, model: ReadingModel, by: User, now: datetime) -> ReadingModel:
    """A person puts an earlier model back to use. Raises ValidationError when it no longer fits what is shipped."""
    if _loaded(model) is None:
        raise ValidationError(_("This model was made from a shipped one that is no longer there."), code="outdated")
    model.by_id = by.pk
    _put_to_use(model, now)
    _note("reading.model_used", model.axis, model.version, by, now)
    return model


@transaction.atomic
def use_shipped(*, axis: str, by: User, now: datetime) -> None:
    """A person goes back to the model that comes with the product; the next one that proves itself takes over."""
    ReadingModel.objects.filter(axis=axis, state=ModelState.ACTIVE).update(state=ModelState.RETIRED, by_id=by.pk)
    _note("reading.model_used", axis, "shipped", by, now)


def _note(action: str, axis: str, version: str, by: User, now: datetime) -> None:
    detail = {"axis": axis, "version": version}
    audit.note(action=action, by=by, now=now, client=here(), subject="clients.readingmodel", detail=detail)
