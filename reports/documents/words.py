"""The report's own words, French and English. The report speaks its own language, whoever reads the interface."""

from dataclasses import dataclass

N = "\u00a0"


@dataclass(frozen=True)
class Words:
    """Every fixed word of a report in one language."""

    kind: str
    drill: str
    drill_note: str
    level: str
    levels: dict[str, str]
    asked: str
    nothing_asked: str
    numbers: str
    curve_columns: tuple[str, str, str]
    habit_span: str
    no_habit: str
    partly_heard: str
    empty_steps: str
    strip_columns: tuple[str, str]
    tally_since: str
    cadence_columns: tuple[str, str, str, str]
    in_time: str
    late: str
    early: str
    never_sent: str
    no_hour: str
    foresight_columns: tuple[str, str, str]
    figures: str
    see_figures: str
    moments: str
    moments_columns: tuple[str, str]
    moments_note: str
    no_log: str
    speakers: str
    speakers_columns: tuple[str, str, str]
    no_speakers: str
    changes: str
    changes_columns: tuple[str, str, str]
    no_changes: str
    reading: str
    reading_columns: tuple[str, str]
    reading_note: str
    parts: str
    parts_columns: tuple[str, str, str]
    parts_note: str
    carriers: str
    carriers_columns: tuple[str, str, str, str]
    before: str
    called: str
    called_columns: tuple[str, str, str, str]
    outlooks: str
    outlooks_columns: tuple[str, str, str, str, str]
    outlooks_note: str
    held: str
    not_held: str
    not_judged: str
    between: str
    decisions: str
    decisions_columns: tuple[str, str, str, str]
    no_decisions: str
    no_reply: str
    delays: str
    delays_columns: tuple[str, str, str]
    log: str
    log_columns: tuple[str, str, str]
    captures: str
    captures_columns: tuple[str, str, str]
    captures_note: str
    method: str
    limits: str
    about: str
    version: str
    generated: str
    signed: str
    unsigned: str
    log_fingerprint: str
    missing_glyphs: str


FRENCH = Words(
    kind="Retour d’expérience",
    drill="EXERCICE",
    drill_note="Exercice de l’équipe. Rien de ce qui suit n’a eu lieu.",
    level="Niveau {severity} ({level})",
    levels={"veille": "veille", "alerte": "alerte", "crise": "crise"},
    asked=f"Nous vous demandons une décision{N}:",
    nothing_asked="Nous ne vous demandons aucune décision.",
    numbers="En chiffres",
    curve_columns=("Heure", "Nombre", "Habitude"),
    habit_span="{low} à {high}",
    no_habit="Pas encore assez de recul pour dire l’habitude.",
    partly_heard="écoute incomplète",
    empty_steps="Les lignes sans rien à compter sont laissées de côté.",
    strip_columns=("Rôle", "Heures des messages"),
    tally_since="Depuis",
    cadence_columns=("Point", "Promis pour", "Envoyé à", "Écart"),
    in_time="à l’heure",
    late="{length} de retard",
    early="{length} d’avance",
    never_sent="jamais",
    no_hour="sans heure promise",
    foresight_columns=("Heure", "Comptes", "Normal"),
    figures="Les chiffres des figures",
    see_figures="Voir les chiffres",
    moments="Ce qui s’est passé",
    moments_columns=("Heure", "Fait"),
    moments_note=f"{{shown}} moments sur {{all}}{N}; la main courante complète suit.",
    no_log="La main courante est vide.",
    speakers="Qui a parlé",
    speakers_columns=("Rôle", "Comptes", "Messages"),
    no_speakers="Aucun rôle n’a été établi.",
    changes="Ce que nous changeons",
    changes_columns=("Action", "Qui", "Avant le"),
    no_changes="Aucun changement n’est décidé à ce jour.",
    reading="Comment l’attaque a été lue",
    reading_columns=("Question", "Lecture"),
    reading_note=f"Lecture de la machine sur {{messages}}{N}messages, la dernière le {{day}} à {{hour}}.",
    parts="Ce que les comptes ont fait dans cet incident",
    parts_columns=("Rôle présumé", "Comptes", "Décidés par une personne"),
    parts_note="Un rôle dit une conduite dans cet incident. Il finit avec lui et ne dit rien d’une personne.",
    carriers="Les messages qui ont porté l’affaire",
    carriers_columns=("Depuis le début", "Par un compte", "Comment", "À sa suite"),
    before="{length} avant",
    called="Qui a été mis en copie",
    called_columns=("Qui", "Comptes", "Ont réagi", "Pourquoi cela compte"),
    outlooks="Ce qui était prévu, et ce qui est arrivé",
    outlooks_columns=("Prévu à", "Phase", "Retour à la normale attendu", "Arrivé", "La fourchette"),
    outlooks_note=f"Prévisions montrées{N}: {{shown}} sur {{all}}{N}; les fourchettes visent huit fois sur dix.",
    held="a tenu",
    not_held="n’a pas tenu",
    not_judged="pas encore jugée",
    between="entre {since} et {until}",
    decisions="Ce que nous avons décidé",
    decisions_columns=("Heure", "Décision", "Motif", "Par"),
    no_decisions="Aucune décision n’est notée.",
    no_reply="Pas de réponse",
    delays="Les délais",
    delays_columns=("Étape", "Durée", "Habitude"),
    log="Main courante complète",
    log_columns=("Heure", "Fait", "Par"),
    captures="Captures conservées",
    captures_columns=("Heure", "Capture", "Empreinte SHA-256"),
    captures_note="Ces captures ne sont pas établies par un commissaire de justice.",
    method="Méthode",
    limits="Limites",
    about="Ce document",
    version="Version {version}",
    generated="établie le {day} à {hour}",
    signed="signée par {name}",
    unsigned="non signée",
    log_fingerprint=f"Empreinte de la main courante{N}:",
    missing_glyphs=f"Le signe □ remplace un caractère que ce PDF ne sait pas dessiner{N}; la page web le montre.",
)

ENGLISH = Words(
    kind="After-action report",
    drill="DRILL",
    drill_note="A drill by the team. Nothing below took place.",
    level="Level {severity} ({level})",
    levels={"veille": "watch", "alerte": "alert", "crise": "crisis"},
    asked="We ask you for one decision:",
    nothing_asked="We ask you for no decision.",
    numbers="In figures",
    curve_columns=("Time", "Count", "Usual"),
    habit_span="{low} to {high}",
    no_habit="Not enough history yet to say what is usual.",
    partly_heard="not all heard",
    empty_steps="Lines with nothing to count are left out.",
    strip_columns=("Role", "Times of the messages"),
    tally_since="From",
    cadence_columns=("Report", "Promised for", "Sent at", "Gap"),
    in_time="in time",
    late="{length} late",
    early="{length} early",
    never_sent="never",
    no_hour="no hour promised",
    foresight_columns=("Time", "Accounts", "Normal"),
    figures="The figures drawn, as numbers",
    see_figures="See the figures",
    moments="What happened",
    moments_columns=("Time", "Fact"),
    moments_note="{shown} moments of {all}; the full log follows.",
    no_log="The log is empty.",
    speakers="Who spoke",
    speakers_columns=("Role", "Accounts", "Messages"),
    no_speakers="No role was established.",
    changes="What we change",
    changes_columns=("Action", "Who", "Before"),
    no_changes="No change has been decided so far.",
    reading="How the attack was read",
    reading_columns=("Question", "Reading"),
    reading_note="The machine’s reading of {messages} messages, the last one on {day} at {hour}.",
    parts="What the accounts did in this incident",
    parts_columns=("Presumed role", "Accounts", "Decided by a person"),
    parts_note="A role tells a conduct in this incident. It ends with it and says nothing of a person.",
    carriers="The messages that carried it",
    carriers_columns=("Since the start", "By an account", "How", "Under it"),
    before="{length} before",
    called="Who was put in cc",
    called_columns=("Who", "Accounts", "Reacted", "Why it matters"),
    outlooks="What was foreseen, and what happened",
    outlooks_columns=("Foreseen at", "Phase", "Return to normal expected", "Came at", "The range"),
    outlooks_note="Outlooks shown: {shown} of {all}; ranges are meant to hold eight times in ten.",
    held="held",
    not_held="did not hold",
    not_judged="not judged yet",
    between="between {since} and {until}",
    decisions="What we decided",
    decisions_columns=("Time", "Decision", "Reason", "By"),
    no_decisions="No decision is recorded.",
    no_reply="No reply",
    delays="How long it took",
    delays_columns=("Step", "Time", "Usual"),
    log="Full log",
    log_columns=("Time", "Fact", "By"),
    captures="Captures kept",
    captures_columns=("Time", "Capture", "SHA-256 fingerprint"),
    captures_note="These captures are not a bailiff’s report.",
    method="Method",
    limits="Limits",
    about="This document",
    version="Version {version}",
    generated="made on {day} at {hour}",
    signed="signed by {name}",
    unsigned="not signed",
    log_fingerprint="Fingerprint of the log:",
    missing_glyphs="The sign □ stands for a character that this PDF cannot draw; the web page shows it.",
)

WORDS = {"fr": FRENCH, "en": ENGLISH}
