"""What wakes somebody alone: people really in danger, a legal step really taken; not a manner of speaking."""

import pytest

from clients.listening.reading.gravity import wakes_alone
from tests.clients.reading import phrases

STEPS = (
    "Je dépose plainte ce soir",
    "Mon avocate prend contact avec vous lundi",
    "Mise en demeure partie ce matin",
    "J'ai saisi la DGCCRF",
    "Une action de groupe est lancée",
    "My lawyer will be in touch",
    "I filed a complaint with the ombudsman",
)
MANNERS = (
    "Rendez-vous au tribunal ?",
    "Si ça continue je porte plainte contre vous",
    "Faut-il porter plainte pour que ça cesse",
    "On me répond de prendre un avocat et d'aller au tribunal",
    "Publicité mensongère, comme d'habitude",
    "Il y a une explosion des pannes dans le 78",
    "Plus de box ni de téléphone, qui va tuer l'autre à votre avis ?",
    "Ma mère va me tuer si la box ne marche pas",
    "Je vais mourir mdr 😂",
    "Panne à l'hôpital (57490)",
    "If you do this again I will sue, my lawyer said",
    "",
    "\0" * 9,
    "😀" * 50_000,
    "مرحبا",
)


@pytest.mark.parametrize("text", phrases.SAFETY)
def test_people_in_danger_wake_at_the_first_mention(text: str) -> None:
    assert wakes_alone(text)


@pytest.mark.parametrize("text", STEPS)
def test_a_legal_step_taken_wakes_at_the_first_mention(text: str) -> None:
    assert wakes_alone(text)


@pytest.mark.parametrize("text", [*MANNERS, *phrases.CALL, *phrases.POPCORN, *phrases.NOTHING])
def test_a_manner_of_speaking_wakes_nobody_alone(text: str) -> None:
    assert not wakes_alone(text)


def test_a_hostile_text_is_read_in_reasonable_time() -> None:
    assert not wakes_alone("si plainte faut " * 4_000)
