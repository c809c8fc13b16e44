"""One shape for everything an incident refuses: a stable code and words for the person."""


class Refused(ValueError):
    """The act is not allowed now. `code` is stable (API, tests), `words` are translated for whoever asked."""

    def __init__(self, code: str, words: str) -> None:
        self.code = code
        self.words = words
        super().__init__(f"{code}: {words}")


class Crossed(Refused):
    """Somebody else changed the same text meanwhile: `texts` is what would be kept, `names` those that cross."""

    def __init__(self, texts: dict[str, str], names: tuple[str, ...], words: str) -> None:
        self.texts = texts
        self.names = names
        super().__init__("crossed", words)
