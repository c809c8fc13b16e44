"""Shares told with what is not known of them."""


def wilson(cases: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), in 0..1; 0 and 1 without a case."""
    if not count:
        return 0.0, 1.0
    share, z = cases / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * ((share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5)
    return max(0.0, middle - half), min(1.0, middle + half)
