"""A post that keeps what is handed to it, and answers as a server would: refused addresses, busy ones."""

from dataclasses import dataclass, field

from agency.mail import NotAccepted


@dataclass
class Letters:
    """`sent`: (to, subject, body) of what was accepted; one letter a key, as a mail program shows it."""

    refused: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    answered_at: list[str] = field(default_factory=list)  # where each one asks to be answered, "" for nowhere

    def send(self, *, to: str, subject: str, body: str, key: str, reply_to: str = "") -> None:
        if to in self.refused:
            raise NotAccepted("550 no such user", is_passing=False)
        if to in self.busy:
            raise NotAccepted("451 busy", is_passing=True)
        self.sent.append((to, subject, body))
        self.keys.append(key)
        self.answered_at.append(reply_to)
