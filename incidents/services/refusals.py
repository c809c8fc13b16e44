"""One shape for everything an incident refuses: a stable code and words for the person."""


class Refused(ValueError):
    """The act is not allowed now. `code` is stable (API, tests), `words` are translated for whoever asked."""

    def __init__(self, code: str, words: str) -> None:
        self.code = code
        self.words = words
        super().__init__(f"{code}: {words}")
