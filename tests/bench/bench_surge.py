"""How fast the surge detector is, and what it hears of made-up strikes: python -m tests.bench.bench_surge [--speed]

It fails above the ceilings on speed; with --speed it measures nothing else.

The streams are simulated (gamma-Poisson habit, strikes of a hundred authors at any hour): a regression figure, never a
public claim. Real series are measured by `python -m incidents.detection.evaluate FOLDER`.
"""

import itertools
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from incidents.detection.buckets import bucket_at
from incidents.detection.streams import Follower, Heard
from incidents.detection.streams import Setting as Narrow
from incidents.detection.streams_course import Course, Place, Post
from incidents.detection.surge import Setting, State, advance, habit, scan
from tests.incidents.detection.streams import BUCKET, MONDAY, calm, strike, together

STRIKES = 48
LEARNING = timedelta(days=28)
SETTING = Setting(1.0)
MOST_A_BUCKET = 50.0  # microseconds of one core
FEWEST_STREAMS = 10_000  # looks from stored state to stored state, a core-minute
MOST_A_POST = 250.0  # microseconds of one core, through all the narrow streams
FOLLOWED = 5_000  # posts of one look, at most
NEW = 10  # posts since the last look
NARROW_STREAMS = 5  # of a watch: attack, urgent, professional accounts, threads, topics
MOST_OF_ANEW = 0.05  # what a look may cost that goes on, of one that follows everything anew
LOOKS = 400


def hearing(per_day: float, name: str) -> str:
    """One line on 48 streams of so many authors a day: strikes found, delay, authors needed, false alarms."""
    dice = random.Random(7)
    delays, authors, false = [], [], 0
    for seed in range(STRIKES):
        begins = MONDAY + LEARNING + 288 * 7 * BUCKET * dice.random()
        begins = bucket_at(begins)
        counts = together(calm(seed, per_day, 36), strike(seed, begins))
        surges = scan(None, counts.items(), SETTING, until=begins + timedelta(hours=12))[1]
        false += sum(surge.bucket_at < begins for surge in surges)
        own = [surge.detected_at for surge in surges if surge.bucket_at >= begins]
        if own:
            delays.append((own[0] - begins) / timedelta(minutes=1))
            authors.append(sum(count for moment, count in counts.items() if begins <= moment < own[0]))
    rate = false / (STRIKES * 31.5 / 30.0)
    if not delays:
        return f"{name}: 0/{STRIKES} found, {rate:.2f} false a month"
    return (
        f"{name}: {len(delays)}/{STRIKES} found, median {statistics.median(delays):.0f} min and "
        f"{statistics.median(authors):.0f} authors, p90 {sorted(delays)[int(0.9 * len(delays))]:.0f} min, "
        f"{rate:.2f} false a month"
    )


def spent(work: Callable[[], object], times: int) -> float:
    """CPU milliseconds of one run of `work`."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times * 1e3


def main() -> int:
    """Print speed, size and hearing; 1 when a bucket takes too long or a minute holds too few streams."""
    slowest = 0.0
    for per_day in (3.0, 300.0, 30_000.0):
        counts = calm(1, per_day, 60)
        end = MONDAY + timedelta(days=60)
        cost = spent(partial(scan, None, list(counts.items()), SETTING, until=end), 1)
        each_bucket = cost / (60 * 288) * 1e3
        slowest = max(slowest, each_bucket)
        print(f"scan, {per_day:g} authors a day: {each_bucket:.0f} us a bucket (ceiling {MOST_A_BUCKET:.0f})")
    state, _ = scan(None, calm(1, 300.0, 60).items(), SETTING, until=MONDAY + timedelta(days=60))
    streams = a_minute(state)
    each_post = narrow()
    goes_on = followed_on()
    if "--speed" not in sys.argv:
        for per_day, name in ((3.0, "3 a day"), (30.0, "30 a day"), (300.0, "300 a day")):
            print(hearing(per_day, name))
    return int(slowest > MOST_A_BUCKET or streams < FEWEST_STREAMS or each_post > MOST_A_POST or not goes_on)


def narrow() -> float:
    """Print and return what one post costs through the narrow streams, and a look at as many as a watch is given."""
    posts = [spoken(n) for n in range(FOLLOWED)]
    each = spent(lambda: Follower(Narrow(1.0)).take(posts), 3) / FOLLOWED * 1e3
    print(f"narrow streams: {each:.0f} us a post (ceiling {MOST_A_POST:.0f}), a look {each * FOLLOWED / 1e3:.0f} ms")
    return each


def spoken(number: int) -> Heard:
    """The n-th post of a watch that hears one every eight minutes."""
    at, attack = MONDAY + timedelta(minutes=8 * number), "yes" if number % 5 == 0 else "no"
    return Heard(at, number % 997, attack, topics=(f"mot{number % 300}", "box"))


class Growing:
    """The posts of one watch, of which more come; seals are added up beforehand, as the table adds them up itself."""

    def __init__(self, posts: int) -> None:
        self.posts = [Post((heard.at, n), n + 1, heard) for n, heard in enumerate(map(spoken, range(posts)))]
        self.sums = list(itertools.accumulate((post.seal for post in self.posts), initial=0))
        self.known = FOLLOWED

    def beginning(self) -> Place:
        return MONDAY, -1

    def seal(self, since: Place, until: Place) -> int:
        return self.sums[until[1] + 1] - self.sums[since[1] + 1]

    def after(self, place: Place) -> list[Post]:
        return self.posts[place[1] + 1 : self.known]


def followed_on() -> bool:
    """Print what a look with ten new posts over 5,000 costs, followed on and unpacked; tell whether it is little."""
    store, course = Growing(FOLLOWED + 2 * LOOKS * NEW), Course(Narrow(1.0))
    anew = spent(lambda: Course(Narrow(1.0)).follow(store), 1)
    course.follow(store)

    def look() -> None:
        store.known += NEW
        course.follow(store)

    def rested() -> None:
        look()
        course.rest()

    live, packed = spent(look, LOOKS), spent(rested, LOOKS // 10)
    streams = NARROW_STREAMS * 60_000 / live
    print(f"a look with {NEW} new posts over {FOLLOWED:,}: anew {anew:.0f} ms, followed on {live:.2f} ms", end="")
    print(f" (ceiling {anew * MOST_OF_ANEW:.0f}), from and to a packed course {packed:.0f} ms")
    print(f"narrow streams a core-minute: {streams:,.0f} live (floor {FEWEST_STREAMS:,}),", end="")
    print(f" {NARROW_STREAMS * 60_000 / packed:,.0f} packed, {NARROW_STREAMS * 60_000 / anew:,.0f} anew")
    return live <= anew * MOST_OF_ANEW and streams >= FEWEST_STREAMS


def a_minute(state: State) -> float:
    """Print and return how many streams one core looks at in a minute, from stored state to stored state."""
    kept = json.dumps(state.to_json())
    at = MONDAY + timedelta(days=60)

    def one_look() -> str:
        return json.dumps(advance(State.from_json(json.loads(kept)), at, 3)[0].to_json())

    each = spent(one_look, 200)
    print(f"a look: {each:.2f} ms, {60_000 / each:.0f} streams a core-minute (floor {FEWEST_STREAMS})")
    print(f"state: {len(kept)} characters; habit: {spent(lambda: habit(state, at), 200):.2f} ms")
    return 60_000 / each


if __name__ == "__main__":
    sys.exit(main())
