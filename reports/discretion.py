"""No report names the person behind an account: handles and addresses of posts are masked. No Django here."""

import re
from collections.abc import Collection, Iterable

MASK = {"fr": "[un compte]", "en": "[an account]"}
LONG_ENOUGH = 10  # a bare word this long that is also an account's name is hardly the word itself

# @someone, @someone@instance.example; not the middle of an e-mail address.
_HANDLE = re.compile(r"(?<![\w.+-])@(\w(?:[\w.-]*\w)?(?:@\w[\w.-]*\w)?)")
_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s/?#<>\"]+)[^\s<>\"]*", re.IGNORECASE)


def discreet(text: str, language: str, *, known: Iterable[str] = (), own: Collection[str] = ()) -> str:
    """The text without any account named.

    `known` are the accounts that spoke (handles and names shown): found even without their @ when they cannot be taken
    for an ordinary word. `own` are the brand's accounts, which may be named. An address keeps its site only.
    """
    ours = {_plain(name) for name in own}
    masked = _ADDRESS.sub(lambda link: link.group(1), text)
    masked = _HANDLE.sub(lambda found: found.group() if _plain(found.group(1)) in ours else MASK[language], masked)
    lower = masked.lower()  # most accounts are not in the text: a plain look spares a pattern of thousands of names
    there = {name for name in known if name.lower() in lower}
    told = sorted({name for name in there if _is_telling(name) and _plain(name) not in ours}, key=len, reverse=True)
    if not told:
        return masked
    names = "|".join(re.escape(name) for name in told)
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", MASK[language], masked, flags=re.IGNORECASE)


def accounts_named(text: str, own: Collection[str] = ()) -> list[str]:
    """The @handles in the text that are not the brand's own."""
    ours = {_plain(name) for name in own}
    return [found.group() for found in _HANDLE.finditer(text) if _plain(found.group(1)) not in ours]


def _plain(handle: str) -> str:
    return handle.strip().lstrip("@").lower()


def _is_telling(name: str) -> bool:
    """A name that stands out of a sentence: digits, signs, capitals inside, several words, or unusually long."""
    word = name.strip().lstrip("@")
    return len(word) >= 4 and (
        not word.isalpha() or len(word) >= LONG_ENOUGH or any(letter.isupper() for letter in word[1:])
    )
