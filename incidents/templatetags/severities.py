"""How grave a reading would call the incident, on its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import get_language

from incidents.severity import QUESTIONS, Language
from incidents.severity_proposal import propose

register = template.Library()


@dataclass(frozen=True, slots=True)
class Worded:
    """The sentences of a proposal, and each question with what is proposed."""

    summary: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


@register.simple_tag
def proposed_severity(parts: Mapping[str, Any], messages: int) -> Worded | None:
    """The proposal in the language of the page; None before a reading."""
    found = propose(parts, messages)
    if found is None:
        return None
    language: Language = "en" if get_language() == "en" else "fr"
    answers = (
        (question.asked[language], found.answers[question.code].said(language))
        for question in QUESTIONS
        if question.code in found.answers
    )
    return Worded(found.summary(language), tuple(answers))
