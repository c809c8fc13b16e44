"""Reads YouTube: comments under a channel's videos, under named videos, and under those that a search finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from clients.listening import queries
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    HeldBack,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Setting,
)
from clients.listening.collectors.youtube.asking import BASE, DAILY_UNITS, OF_ONE_TARGET, Units, YouTube
from clients.listening.collectors.youtube.comments import CHANNEL, HANDLE, VIDEO, items, titles_of, video_to_mention
from clients.listening.collectors.youtube.walk import (
    AT_ONCE,
    Place,
    Reading,
    look_again,
    read_place,
    read_replies,
    still_kept,
)
from clients.listening.matching import Matcher
from clients.listening.words import Words

CALLS = 30  # of a reading: three hundred readings a day stay within the day's units
FIRST_HOURS = 7 * 24.0
SEARCH_HOURS = 6.0
SEARCHED_BACK_S = 2 * 3_600.0  # a video is found some time after it was published
FOUND = 30  # videos found by searches, whose comments are read…
FOUND_S = 14 * 86_400.0  # …for so long
TITLES = 200
WITHOUT_PLACE_S = 600.0

_NO_KEY = Words("la clé d’API de YouTube manque", "YouTube’s API key is missing")
_NO_PLACE = Words(
    "ni chaîne, ni vidéo, et la recherche n’a rien à chercher", "neither channel nor video, and nothing to search for"
)
_ODD_PLACE = Words("«\u00a0{what}\u00a0» n’est ni une chaîne ni une vidéo", "“{what}” is neither a channel nor a video")
_OF_PLACE = Words("{what}\u00a0: {words}", "{what}: {words}")


class YouTubeCollector:
    """Settings: API key; channels and videos; whether to search besides (100 units a search)."""

    kind = "youtube"
    name = Words("Commentaires YouTube", "YouTube comments")
    unit_price = Decimal(0)
    settings = (
        Setting("key", Words("Clé d’API", "API key"), kind="secret", is_required=True),
        Setting(
            "channels",
            Words("Chaînes", "Channels"),
            Words("@nom, ou identifiant UC…", "@name, or UC… id"),
            kind="words",
        ),
        Setting("videos", Words("Vidéos", "Videos"), Words("adresses", "addresses"), kind="words"),
        Setting(
            "search",
            Words("Chercher aussi d’autres vidéos", "Look for other videos too"),
            Words("100 unités par recherche, sur 10 000 par jour", "100 units a search, of 10,000 a day"),
            kind="flag",
            default=False,
        ),
        Setting(
            "query",
            Words("Recherche", "Search"),
            Words("vide\u00a0: les mots des veilles", "empty: the watches’ words"),
        ),
        Setting(
            "search_hours", Words("Heures entre deux recherches", "Hours between searches"), kind="number", default=6
        ),
        Setting(
            "first_hours",
            Words("Heures reprises au début", "Hours read at first"),
            kind="number",
            default=int(FIRST_HOURS),
        ),
        Setting("daily_units", Words("Unités par jour", "Units a day"), kind="number", default=DAILY_UNITS),
        Setting("base", Words("Adresse de l’API", "Address of the API"), kind="url", default=BASE),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        """New comments, replies and found videos; edits and deletions of the last three days.

        The cursor holds, a place, how far it was read; the threads to look at again; the day's units; titles.
        """
        youtube = _open(settings, cursor, http, now)
        wanted = settings.get("wanted") or ()
        kept = still_kept(cursor.get("kept") or {}, now)
        reading = Reading(Matcher(wanted) if wanted else None, dict(cursor.get("titles") or {}), kept)
        turn = int(cursor.get("turn", 0))
        again = _slice(list(kept), turn)
        channels = _channels(youtube, settings, cursor, reading)
        found = _found(cursor, now)
        searched_at = _search(youtube, settings, float(cursor.get("searched_at", 0)), found, reading, now)
        places = _places(settings, channels, found)
        if not places and not reading.mentions and not _is_searching(settings):
            raise _refused(reading) or HeldBack("no_place", _NO_PLACE, WITHOUT_PLACE_S)
        states = _read_places(youtube, places, cursor, turn, reading, now.timestamp() - _hours(settings) * 3_600)
        look_again(youtube, again, reading)
        read_replies(youtube, reading)
        _learn_titles(youtube, reading)
        reading.take_all()
        fresh = {
            "places": states,
            "kept": still_kept(reading.kept, now),
            "titles": dict(list(reading.titles.items())[-TITLES:]),
            "channels": channels,
            "found": found,
            "searched_at": searched_at,
            "units": youtube.units.cursor(),
            "turn": turn + 1,
        }
        return Fetched(
            tuple(reading.mentions.values()),
            fresh,
            unchanged=not reading.mentions and not reading.deleted,
            bytes=youtube.api.bytes,
            calls=youtube.api.calls,
            quota=youtube.units.quota,
            deleted=tuple(sorted(reading.deleted)),
            notes=_notes(reading),
            has_more=reading.trouble is None
            and bool(reading.mentions)
            and any("gap" in one for one in states.values()),
        )


def _open(settings: Mapping[str, Any], cursor: Mapping[str, Any], http: OutgoingNetwork, now: datetime) -> YouTube:
    """Raises PermanentFailure without a key, HeldBack when the day's units are spent."""
    key = str(settings.get("key") or "").strip()
    if not key or not key.isascii() or not key.isprintable():
        raise PermanentFailure("no_key", _NO_KEY)
    units = Units(cursor.get("units") or {}, int(_number(settings.get("daily_units"), DAILY_UNITS)), now)
    youtube = YouTube(http, str(settings.get("base") or BASE), key, units, now, CALLS)
    if not units.may(1):
        raise youtube.held_back()
    return youtube


def _channels(
    youtube: YouTube, settings: Mapping[str, Any], cursor: Mapping[str, Any], reading: Reading
) -> dict[str, str]:
    """The ids of the channels, by what was written; a name is looked up once. Raises CollectError."""
    known: Mapping[str, str] = cursor.get("channels") or {}
    found: dict[str, str] = {}
    for written in _words(settings.get("channels")):
        if direct := CHANNEL.fullmatch(written):
            found[written] = direct[1]
        elif written in known:
            found[written] = known[written]
        elif (handle := HANDLE.fullmatch(written)) and youtube.can():
            answer = items(youtube.get("channels", part="id", forHandle="@" + handle[1]))
            if answer and CHANNEL.fullmatch(str(answer[0].get("id"))):
                found[written] = str(answer[0]["id"])
        if written not in found:
            reading.notes.append(_ODD_PLACE.put(what=written[:100]))
    return found


def _found(cursor: Mapping[str, Any], now: datetime) -> dict[str, float]:
    """Videos that earlier searches found, not too long ago."""
    kept: Mapping[str, float] = cursor.get("found") or {}
    return {video: at for video, at in kept.items() if at > now.timestamp() - FOUND_S}


def _is_searching(settings: Mapping[str, Any]) -> bool:
    return bool(settings.get("search")) and bool(_queries(settings))


def _queries(settings: Mapping[str, Any]) -> list[str]:
    given = str(settings.get("query") or "").strip()
    return [given] if given else queries.youtube(settings.get("wanted") or ())


def _search(
    youtube: YouTube,
    settings: Mapping[str, Any],
    searched_at: float,
    found: dict[str, float],
    reading: Reading,
    now: datetime,
) -> float:
    """Looks for videos published since the last search, when it is time to; when that was. Adds them to `found`."""
    every_s = max(_number(settings.get("search_hours"), SEARCH_HOURS), 0.0) * 3_600
    if not _is_searching(settings) or now.timestamp() < searched_at + every_s:
        return searched_at
    since = datetime.fromtimestamp((searched_at or now.timestamp() - _hours(settings) * 3_600) - SEARCHED_BACK_S, UTC)
    for query in _queries(settings):
        if not youtube.can("search"):
            return searched_at  # the rest of the day's units is for comments
        try:
            answer = youtube.get(
                "search", part="snippet", type="video", order="date", q=query, maxResults=50,
                publishedAfter=f"{since:%Y-%m-%dT%H:%M:%SZ}",
            )  # fmt: skip
        except PermanentFailure:
            raise
        except CollectError as failure:
            reading.notes.append(Words(failure.words_fr, failure.words_en))
            return searched_at
        reading.pages += 1
        for mention in filter(None, map(video_to_mention, items(answer))):
            if reading.is_wanted(mention):
                reading.mentions[mention.external_id] = mention
            reading.titles[mention.external_id] = mention.title
            found.setdefault(mention.external_id, now.timestamp())
    for video in sorted(found, key=lambda one: -found[one])[FOUND:]:
        del found[video]
    return now.timestamp()


def _places(settings: Mapping[str, Any], channels: Mapping[str, str], found: Mapping[str, float]) -> list[Place]:
    """Where comments are read. Raises PermanentFailure for what is no video."""
    places = [Place(name, (("allThreadsRelatedToChannelId", channel),)) for name, channel in channels.items()]
    named: list[str] = []
    for written in _words(settings.get("videos")):
        video = VIDEO.fullmatch(written)
        if not video:
            raise PermanentFailure("odd_place", _ODD_PLACE.put(what=written[:100]))
        named.append(video[1])
    places += [Place(video, (("videoId", video),)) for video in dict.fromkeys(named)]
    places += [Place(video, (("videoId", video),), is_found=True) for video in found if video not in named]
    return places


def _read_places(
    youtube: YouTube, places: Sequence[Place], cursor: Mapping[str, Any], turn: int, reading: Reading, since: float
) -> dict[str, dict[str, Any]]:
    """The new state of each place; another one begins at each reading. Raises CollectError when none could be read."""
    known: Mapping[str, Any] = cursor.get("places") or {}
    states = {place.key: dict(known[place.key]) for place in places if place.key in known}
    first = turn % len(places) if places else 0
    refused: CollectError | None = None
    for place in [*places[first:], *places[:first]]:
        if reading.trouble or not youtube.can():
            break
        try:
            states[place.key] = read_place(youtube, place, states.get(place.key, {}), since, reading)
        except CollectError as failure:
            if failure.code not in OF_ONE_TARGET:
                raise
            refused = PassingFailure(failure.code, _said_of(place, failure))
            if not place.is_found:
                reading.notes.append(_said_of(place, failure))
    if refused and not reading.pages:
        raise refused
    return states


def _said_of(place: Place, failure: CollectError) -> Words:
    what = place.name[:100]
    return Words(
        _OF_PLACE.fr.format(what=what, words=failure.words_fr), _OF_PLACE.en.format(what=what, words=failure.words_en)
    )


def _learn_titles(youtube: YouTube, reading: Reading) -> None:
    """Asks for the titles of videos met for the first time: a comment says little without what it is about."""
    videos = [str(entry[2]) for entry in reading.kept.values()]
    unknown = [video for video in dict.fromkeys(videos) if video and video not in reading.titles]
    for start in range(0, len(unknown), AT_ONCE):
        if reading.trouble or not youtube.can():
            return
        try:
            reading.titles |= titles_of(
                youtube.get("videos", part="snippet", id=",".join(unknown[start : start + AT_ONCE]))
            )
        except CollectError as failure:
            reading.trouble = failure


def _refused(reading: Reading) -> CollectError | None:
    return PassingFailure("not_there", reading.notes[0]) if reading.notes else None


def _slice(ids: Sequence[str], turn: int) -> list[str]:
    """Some of the ids, others at each reading."""
    start = (turn * AT_ONCE) % len(ids) if ids else 0
    return [*ids[start:], *ids[:start]][:AT_ONCE]


def _words(value: Any) -> list[str]:
    given = value.splitlines() if isinstance(value, str) else value or ()
    return [str(word).strip() for word in given if str(word).strip()]


def _number(value: Any, default: float) -> float:
    try:
        return float(value) if value not in (None, "") else float(default)
    except (TypeError, ValueError):
        return float(default)


def _hours(settings: Mapping[str, Any]) -> float:
    return min(max(_number(settings.get("first_hours"), FIRST_HOURS), 0.0), 24.0 * 3_650)


def _notes(reading: Reading) -> tuple[Words, ...]:
    trouble = (Words(reading.trouble.words_fr, reading.trouble.words_en),) if reading.trouble else ()
    return tuple(dict.fromkeys((*reading.notes, *trouble)))
