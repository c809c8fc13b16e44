"""How many mentions a second of one core reads: language, rules, the three models, the smaller axes.

    python -m tests.bench.bench_reading [FILE.csv]

Without a file, the hand-written lines of the product are read, joined to the length of a tweet.
"""

import sys
import time
from pathlib import Path

from clients.listening.evaluation.protocol import rows_of
from clients.listening.reading.labels import Doc
from clients.listening.reading.reader import Reader
from clients.listening.reading.training import joined, seeds

ROUNDS = 3


def main(paths: list[str]) -> None:
    """Print mentions per CPU-second, the best of three rounds."""
    texts = [row["text"] for path in paths for row in rows_of(Path(path), needed=("text",))]
    docs = [Doc(text) for text in texts or [example.text for example in joined(seeds("attack"), times=2)]]
    reader = Reader.shipped()
    reader.read(docs[:50])
    print(f"{len(docs)} texts, {len(docs) / min(_seconds(reader, docs) for _ in range(ROUNDS)):.0f} per CPU-second")


def _seconds(reader: Reader, docs: list[Doc]) -> float:
    began = time.process_time()
    reader.read(docs)
    return time.process_time() - began


if __name__ == "__main__":
    main(sys.argv[1:])
