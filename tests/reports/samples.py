"""One report that says everything, about a house that does not exist."""

from datetime import UTC, date, datetime, timedelta

from reports.documents.content import (
    Answer,
    Cadence,
    CalledIn,
    Capture,
    Carrier,
    Change,
    Curve,
    Decision,
    Foreseen,
    Foresight,
    LogLine,
    Mark,
    Number,
    Part,
    Ranged,
    Reading,
    ReportContent,
    Speakers,
    Strip,
    StripRow,
    Tally,
    TallyRow,
    Update,
)

START = datetime(2026, 11, 17, 18, 15, tzinfo=UTC)
COUNTS = (4, 5, 3, 6, 5, 7, 9, 35, 61, 58, 48, 37, 26, 19)


def curve() -> Curve:
    points = tuple((START + timedelta(minutes=15 * step), count) for step, count in enumerate(COUNTS))
    marks = (Mark(START + timedelta(minutes=103), "première attaque"), Mark(START + timedelta(minutes=129), "réponse"))
    return Curve("Le pic n’est pas revenu", "Mentions par quart d’heure", points, ((2.0, 6.0),) * len(COUNTS), marks)


def strip() -> Strip:
    rows = (StripRow("Meneur", "instigator", (START, START + timedelta(hours=1))), StripRow("Meute", "pack", (START,)))
    return Strip("La meute suit", "Un point, un message", rows)


def tally(steps: int = 96) -> Tally:
    starts = tuple(START + timedelta(minutes=15 * step) for step in range(steps))
    customers, pack = (tuple(max(0, most - abs(step - 9) * most // 8) for step in range(steps)) for most in (4800, 310))
    rows = (TallyRow("Réclamations et questions", "customer", customers), TallyRow("Attaques", "pack", pack))
    return Tally("Qui a parlé, et quand", "Messages par quart d’heure", starts, 15, rows)


def cadence() -> Cadence:
    def at(minutes: int) -> datetime:
        return START + timedelta(minutes=minutes)

    updates = (Update(1, None, at(40)), Update(2, at(70), at(66)), Update(3, at(96), at(121)), Update(4, at(151), None))
    return Cadence("1 point sur 3 à l’heure promise", "Points de situation", updates)


def foresight() -> Foresight:
    hours = (48, 61, 40, 22, 12, 9, 4, 2, 1, 3, 0, 1, 2, 0)
    first, second, third, fifth, late = (START + timedelta(hours=hours) for hours in (1, 2, 3, 5, 20))
    ranges = (Ranged(first, third, fifth, held=False), Ranged(second, fifth, late, held=True))
    title = "1 fourchette sur 2 a tenu"
    return Foresight(title, "Comptes par heure", START, hours, 5, ranges, START + timedelta(hours=6))


def reading() -> Reading:
    return Reading(
        read_at=START + timedelta(hours=3),
        messages=104,
        answers=(
            Answer("Qui a frappé ?", "45 comptes : 1 à l’origine, 12 qui suivent."),
            Answer("Ensemble, ou chacun pour soi ?", "Coordination apparente.", ("En commun : le même lien.",)),
        ),
        parts=(Part("À l’origine", 1, 1, "instigator"), Part("Suit", 12, 0, "pack")),
        carriers=(Carrier(-12, "La marque elle-même", "premier de son fil", 30), Carrier(4, "Suit", "citation", 9)),
        called=(CalledIn("Presse", 2, 1, "Un journaliste peut en faire un article."),),
        outlooks=(
            Foreseen(START + timedelta(minutes=30), "Trop tôt"),
            Foreseen(START + timedelta(hours=1), "En hausse", START + timedelta(hours=5), START + timedelta(hours=20)),
        ),
        foreseen=9,
        ranged=8,
        judged=0,
    )


def report(**changes: object) -> ReportContent:
    said = {
        "client": "Maison Azur",
        "reference": "INC-0042",
        "title": "L’attaque venait d’un confrère",
        "started_at": START,
        "ended_at": START + timedelta(hours=3),
        "severity": 2,
        "level": "alerte",
        "bottom_line": ("Huit comptes ont relayé.", "Une seule réponse a suffi."),
        "decision_asked": "tenir la position P-07 à jour.",
        "numbers": (Number("Durée", "2 h 10", "médiane : 3 h 05"), Number("Clients touchés", "2", "sur 104 messages")),
        "generated_at": START + timedelta(days=1),
        "version": 1,
        "curve": curve(),
        "strip": strip(),
        "cadence": cadence(),
        "foresight": foresight(),
        "log": (LogLine(START, "Premier message", by="Lou"), LogLine(START + timedelta(hours=1), "Clôture")),
        "who_spoke": (Speakers("Meneur", 1, 6, "instigator"), Speakers("Meute", 8, 41, "pack")),
        "reading": reading(),
        "changes": (Change("Revoir P-07", "Claire Marchetti", date(2026, 12, 15)),),
        "decisions": (Decision(START, "Ne pas répondre", "Il cherche un échange.", "Lou", no_reply=True),),
        "captures": (Capture(START, "Premier message", "3f" * 32),),
        "method": ("Deux sources relevées toutes les cinq minutes.",),
        "limits": ("Les comptes privés ne sont pas lus.",),
        "confidential": "Confidentiel",
        "log_fingerprint": "9c" * 32,
        "brand_colour": "#1B5E9B",
    }
    return ReportContent(**(said | changes))  # type: ignore[arg-type]
