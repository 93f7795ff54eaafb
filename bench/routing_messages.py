"""The labelled messages that routing is measured on, as examples; and more of them, put together from their sentences."""

import csv
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final

import yaml

from chalicelib.cases.learner import Example, Lexicon

COLUMNS: Final = ("submitted_at", "title", "text", "category")
_SENTENCE_END: Final = re.compile(r"(?<=[。！？；!?;\n])")


def labelled(path: Path, *, titled: bool = True) -> list[Example]:
    """The examples of a CSV file with the columns submitted_at, title, text, category, in time order; or of texts alone."""
    if not path.is_file():
        sys.exit(f"There is no file {path}. It takes a CSV file with the columns {', '.join(COLUMNS)}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(COLUMNS) - set(reader.fieldnames or ())
        if missing:
            sys.exit(f"{path} has no column {', '.join(sorted(missing))}")
        rows = [_example(row, titled=titled) for row in reader]
    return sorted(rows, key=lambda each: (each.at, each.text))


def _example(row: Mapping[str, str], *, titled: bool) -> Example:
    text = f"{row['title']}\n{row['text']}" if titled else row["text"]
    return Example(text, row["category"], datetime.fromisoformat(row["submitted_at"]))


def lexicon(path: Path | None, categories: Sequence[str]) -> Lexicon:
    """The lexicon of a YAML file (category: [words]); without a file one that knows no word."""
    words = yaml.safe_load(path.read_text()) if path else {}
    return Lexicon({category: tuple(words.get(category, ())) for category in categories})


def many(examples: Sequence[Example], size: int, categories: int, rng: Random) -> list[Example]:
    """As many examples as wanted, each from sentences of one category's messages; the categories cut up into as many."""
    sentences: dict[str, list[str]] = {}
    for each in examples:
        sentences.setdefault(each.category, []).extend(part for part in _SENTENCE_END.split(each.text) if part.strip())
    names = sorted(sentences)
    return [_made(sentences, names[at % len(names)], examples[at % len(examples)], categories, rng) for at in range(size)]


def _made(sentences: Mapping[str, Sequence[str]], name: str, like: Example, categories: int, rng: Random) -> Example:
    slices = max(categories // len(sentences), 1)
    number = rng.randrange(slices)
    text = ""
    while len(text) < len(like.text):
        text += rng.choice(sentences[name][number::slices])
    return Example(text, f"{name}/{number}", like.at)
