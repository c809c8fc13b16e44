"""What each part of an incident's team is there for, in one sentence."""

from clients.choices import Duty
from clients.listening.words import Words

JOBS: dict[str, Words] = {
    Duty.LEAD: Words(
        "Décide, répartit le travail et répond de tout ce que personne d’autre n’a pris.",
        "Decides, shares out the work, and answers for whatever nobody else has taken.",
    ),
    Duty.SCRIBE: Words(
        "Écrit dans la main courante ce qui arrive et ce qui est décidé, à la minute où cela se passe.",
        "Writes in the log what happens and what is decided, the minute it does.",
    ),
    Duty.SPEAKER: Words(
        "Écrit et publie ce que la marque répond, et rien qui n’ait été validé.",
        "Writes and publishes what the brand answers, and nothing that was not approved.",
    ),
    Duty.APPROVER: Words(
        "Relit les mots avant qu’ils partent et répond vite : oui, non, ou ce qu’il faut changer.",
        "Reads the words before they leave and answers fast: yes, no, or what must change.",
    ),
    Duty.LIAISON: Words(
        "Tient le client au courant, aux heures promises, et rapporte ce qu’il attend.",
        "Keeps the client informed, at the hours promised, and brings back what it expects.",
    ),
}
