"""What in the words of an answer tells whether it denies, asks, supports or comments: English cues, counted."""

import re

import numpy as np
import numpy.typing as npt

MOST_READ = 2_000  # characters of one post
_LINK = re.compile(r"https?://\S+")
_HANDLE = re.compile(r"@\w+")
_LINK_OR_HANDLE = re.compile(r"https?://\S+|@\w+")
_FORWARDED = re.compile(r"\W*(rt|mt)\b", re.IGNORECASE)
_LAUGH = re.compile(r"\b(lol|lmao|haha\w*|rofl)\b|😂", re.IGNORECASE)
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_QUOTED = re.compile(r'["“”]')
_EMOJI = re.compile("[\U0001f300-\U0001faff☀-➿]")
_DIGIT = re.compile(r"\d")

# Those whose number matters are counted up to four, the others told by their share of the words.
_COUNTED = {
    "denies": r"fake|false|not true|untrue|lie|lies|lied|liar|lying|hoax|bullshit|bs|wrong|rumou?rs?|debunk\w*"
    r"|unconfirmed|no evidence|misinform\w*|nonsense|incorrect|inaccurate|photoshop\w*|wasn'?t|isn'?t|didn'?t|never"
    r"|actually|propaganda|delete|retract\w*|disgrace\w*|stupid|idiot\w*|shut up|irresponsible|crap|rubbish|ridiculous"
    r"|false flag|stop|don'?t believe",
    "negates": r"no|not|n't|nothing|none|never|nobody|cannot|can'?t|won'?t|don'?t|doesn'?t|didn'?t|isn'?t|aren'?t"
    r"|wasn'?t|weren'?t|ain'?t",
    "relays": r"confirm\w*|breaking|yes|yep|agree\w*|true|right|exactly|update|reports?|reporting|reported|according"
    r"|just in|police|officials?|witness\w*|via|indeed|live|video|photo|watch|latest|tragic|horrible|awful|shocking"
    r"|omg|wow|sad|prayers?|thoughts",
    "asks": r"source|sources|confirm\w*|really|proof|evidence|link|verify|verified|is (?:this|that|it|he|she|there)"
    r"|are (?:you|they|there)|any(?:one|body)? know|how do (?:you|we|they)|where did|what|why|who|when|where|how|which"
    r"|is|are|was|were|do|does|did|can|could|has|have",
}
_SHARED = {
    "swears": r"fuck\w*|shit\w*|ass(?:hole)?|bitch\w*|damn|hell|idiot\w*|stupid|moron\w*|dumb|crap",
    "speaks of itself": r"i|i'?m|me|my|mine|we|our|us",
    "speaks to": r"you|your|u|ur|yours|you'?re",
    "speaks of others": r"they|them|he|she|his|her|their",
    "wants proof": r"source|proof|evidence|link|confirm\w*|verif\w*",
    "hedges": r"alleged\w*|reportedly|apparently|maybe|perhaps|possibly|might|seems?|suppos\w*|claims?|claimed|think"
    r"|guess|doubt\w*",
    "prays": r"pray\w*|thoughts|rip|safe|hope|god|condolences|hearts?",
    "thanks": r"thanks?|thank you|thx|great|good|well said|this",
    "turns": r"but|however|except|although|actually|yet|then",
    "argues": r"if|unless|because|since|so",
}
_OPENS = re.compile(
    r"(is|are|was|were|do|does|did|can|could|has|have|how|what|why|who|when|where|which|any|so|really|and)\b", re.I
)
_COUNTED_CUES = [re.compile(rf"\b(?:{cue})\b", re.IGNORECASE) for cue in _COUNTED.values()]
_SHARED_CUES = [re.compile(rf"\b(?:{cue})\b", re.IGNORECASE) for cue in _SHARED.values()]


def cues(text: str) -> npt.NDArray[np.float64]:
    """Return the figures of one text; the first is 1 when it has a question mark. An empty text is all but zeros."""
    text = text[:MOST_READ]
    bare = _LINK_OR_HANDLE.sub("", text).strip()
    words = max(1, len(bare.split()))
    found = [*_marks(text, bare, words), float(bool(_OPENS.match(bare)))]
    for cue in _COUNTED_CUES:
        many = len(cue.findall(bare))
        found += [many > 0, min(many, 4)]
    for cue in _SHARED_CUES:
        many = len(cue.findall(bare))
        found += [many > 0, many / words]
    return np.asarray(found, float)


def _marks(text: str, bare: str, words: int) -> list[float]:
    return [
        "?" in bare,
        min(bare.count("?"), 4),
        bare.endswith("?"),
        min(bare.count("!"), 4),
        np.log1p(words),
        np.log1p(len(bare)),
        min(len(_LINK.findall(text)), 3),
        min(len(_HANDLE.findall(text)), 6),
        text.startswith("@"),
        min(text.count("#"), 5),
        bool(_FORWARDED.match(text)),
        "RT @" in text or "MT @" in text,
        sum(letter.isupper() for letter in bare) / max(1, len(bare)),
        bool(_SHOUTED.search(bare)),
        bool(_QUOTED.search(bare)),
        "..." in text or "…" in text,
        bool(_EMOJI.search(bare)),
        bool(_DIGIT.search(bare)),
        bool(_LAUGH.search(text)),
        bare.count("."),
    ]
