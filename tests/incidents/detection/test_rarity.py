"""The negative binomial law and the tail of a stream."""

import random

import pytest

from incidents.detection.rarity import Tail, chance_of_at_least, quantile, surprise


def test_the_law_agrees_with_a_sum_over_its_terms() -> None:
    size, mean = 2.0, 1.5
    share, term, total = mean / (mean + size), (size / (mean + size)) ** size, 0.0
    for count in range(4):
        total += term
        term *= share * (count + size) / (count + 1)
    assert chance_of_at_least(4, mean, 1.0 / size) == pytest.approx(1.0 - total, rel=1e-9)


def test_a_quantile_is_the_smallest_count_that_covers_the_share() -> None:
    for mean in (0.01, 0.7, 12.0, 900.0):
        high = quantile(0.95, mean, 0.5)
        assert 1.0 - chance_of_at_least(high + 1, mean, 0.5) >= 0.95
        assert high == 0 or 1.0 - chance_of_at_least(high, mean, 0.5) < 0.95


def test_a_stream_that_wobbles_more_needs_a_larger_surprise() -> None:
    dice = random.Random(1)
    steady, wild = (Tail([dice.expovariate(rate) for _ in range(504)]) for rate in (8.0, 2.0))
    assert steady.chance(1.5) < wild.chance(1.5)
    assert wild.chance(10.0) < wild.chance(2.0)


def test_the_tail_keeps_three_weeks_and_forgets_the_rest() -> None:
    tail = Tail()
    for value in [5.0] * 300 + [0.1] * 504:
        tail.add(value)
    assert tail.ordered == [0.1] * 504


def test_the_impossible_stays_finite() -> None:
    assert surprise(0.0) == pytest.approx(5.707, abs=0.001)
