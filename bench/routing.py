"""Learned routing beside scikit-learn's SVM, on the same folds in the same run. ``python -m bench.routing --labelled FILE``.

FILE is a CSV with the columns submitted_at, title, text, category. Parts (``--only`` chooses): ``folds`` 5-fold macro-F1 and
accuracy by seed; ``sure`` whether it is right as often as it says; ``stream`` one message after the other, guessed and then
learnt; ``service`` what goes into service and what is refused; ``weight`` time and bytes; ``steps`` what each step gains.
Needs ``pip install -r bench/requirements.txt``. Ends with 1 if ours falls below the SVM.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import mean
from time import process_time
from typing import Final, TypeVar

from bench import routing_steps
from bench.routing_messages import labelled, lexicon, many
from bench.routing_peer import Scores, folds, scores, svm_as_named, svm_tuned
from bench.shown import HERE, Part, table
from chalicelib.cases.learner import (
    Example,
    Guesser,
    Lexicon,
    Model,
    Prediction,
    Together,
    TooFew,
    fit,
    pack,
    parts,
    replacement,
    unpack,
)  # fmt: skip

BANDS: Final = (0.0, 0.3, 0.5, 0.7, 0.9, 1.01)
SIZES: Final = ((300, 7), (2_000, 7), (2_000, 70), (20_000, 7), (20_000, 70))
T = TypeVar("T")
OURS, SVM, TUNED_SVM, WITH_WORDS = "ours", "SVM, char 1-3 TF-IDF", "the same SVM, tuned", "ours and the lexicon"


@dataclass(frozen=True)
class Run:
    """What is measured, and how."""

    examples: Sequence[Example]
    words: Lexicon
    seeds: Sequence[int]
    every: int
    largest: int

    @cached_property
    def truth(self) -> list[str]:
        return [each.category for each in self.examples]

    @cached_property
    def texts(self) -> list[str]:
        return [each.text for each in self.examples]

    @cached_property
    def held_out(self) -> dict[int, list[Prediction]]:
        """By seed, what our models say of each text that they had not seen."""
        return {seed: self._held_out(seed) for seed in self.seeds}

    def _held_out(self, seed: int) -> list[Prediction]:
        found: dict[int, Prediction] = {}
        for train, test in folds(self.truth, seed):
            model = fit([self.examples[at] for at in train])
            found |= {at: model.predict(self.texts[at]) for at in test}
        return [found[at] for at in range(len(self.examples))]


def of_folds(run: Run) -> Part:
    """Five folds, by seed: ours, the SVM, and the SVM tuned. Limit: not below the SVM, with any seed."""
    ours = [scores(run.truth, [each.category for each in run.held_out[seed]]) for seed in run.seeds]
    theirs = [svm_as_named(run.texts).over_folds(run.truth, seed) for seed in run.seeds]
    tuned = [svm_tuned(run.texts).over_folds(run.truth, seed) for seed in run.seeds]
    rows = [_spread(name, found) for name, found in ((OURS, ours), (SVM, theirs), (TUNED_SVM, tuned))]
    head = ["", "macro-F1", "lowest", "highest", "accuracy", "lowest", "highest"]
    below = [
        f"seed {seed}: {mine} is below {other}"
        for seed, mine, other in zip(run.seeds, ours, theirs, strict=True)
        if mine.f1 < other.f1 or mine.accuracy < other.accuracy
    ]
    seeds = f"{len(run.examples)} messages, {len(set(run.truth))} categories, 5 stratified folds, {len(run.seeds)} seeds."
    by_seed = [[seed, *map(_both, found)] for seed, *found in zip(run.seeds, ours, theirs, tuned, strict=True)]
    lines = [seeds, "", *table(head, rows), "", *table(["seed (macro-F1 / accuracy)", OURS, SVM, TUNED_SVM], by_seed)]
    return Part("Routing: five folds", lines, below)


def _spread(name: str, found: Sequence[Scores]) -> list[str]:
    columns = [[each.f1 for each in found], [each.accuracy for each in found]]
    return [name, *(f"{value:.3f}" for column in columns for value in (mean(column), min(column), max(column)))]


def _both(found: Scores) -> str:
    return f"{found.f1:.3f} / {found.accuracy:.3f}"


def of_sureness(run: Run) -> Part:
    """Whether what is 80 % sure is right in 80 of 100."""
    said = [
        (guess.confidence, guess.category == true)
        for seed in run.seeds
        for guess, true in zip(run.held_out[seed], run.truth, strict=True)
    ]
    bands = [(low, high, [each for each in said if low <= each[0] < high]) for low, high in pairwise(BANDS)]
    rows = [_band(low, high, band, len(said)) for low, high, band in bands if band]
    apart = sum(abs(sum(sure - right for sure, right in band)) for _, _, band in bands) / len(said)
    return Part(
        "Routing: how sure, how right",
        [
            *table(["says", "of all", "mean", "right"], rows),
            "",
            f"Mean distance of what is said from what comes true: {apart:.1%}.",
        ],
    )


def _band(low: float, high: float, band: Sequence[tuple[float, bool]], of: int) -> list[str]:
    sure, right = mean(each[0] for each in band), mean(each[1] for each in band)
    return [f"{low:.0%} to {min(high, 1):.0%}", f"{len(band) / of:.0%}", f"{sure:.0%}", f"{right:.0%}"]


def of_stream(run: Run) -> Part:
    """In the order in which they came: each is guessed by what was learnt from all before it, and then learnt."""
    found: dict[str, list[str]] = {OURS: [], WITH_WORDS: [], SVM: [], TUNED_SVM: []}
    plain, tuned = svm_as_named(run.texts), svm_tuned(run.texts)
    for at, model in enumerate(_as_they_come(run)):
        text, learnt = run.texts[at], list(range(at - at % run.every))
        found[OURS].append(model.predict(text).category if model else "")
        found[WITH_WORDS].append((Together(run.words, model) if model else run.words).predict(text).category)
        for name, machine in ((SVM, plain), (TUNED_SVM, tuned)):
            ready = len({run.truth[each] for each in learnt}) > 1
            found[name] += machine.guess(learnt, run.truth[: len(learnt)], [at]) if ready else [""]
    if not any(run.words.words.values()):
        del found[WITH_WORDS]
    rows = [_stretches(name, run.truth, guessed) for name, guessed in found.items()]
    lines = [f"Learnt anew every {run.every} messages.", "", *table(["", "macro-F1", "accuracy", *_thirds(run.truth)], rows)]
    ours, theirs = scores(run.truth, found[OURS]), scores(run.truth, found[SVM])
    below = [f"one by one: {ours} is below {theirs}"] if ours.f1 < theirs.f1 or ours.accuracy < theirs.accuracy else []
    return Part("Routing: one message after the other", lines, below)


def _as_they_come(run: Run) -> Iterator[Model | None]:
    model: Model | None = None
    for at in range(len(run.examples)):
        if at % run.every == 0:
            model = _fitted(run.examples[:at])
        yield model


def _fitted(examples: Sequence[Example]) -> Model | None:
    try:
        return fit(examples)
    except TooFew:
        return None


def _thirds(truth: Sequence[str]) -> list[str]:
    cut = len(truth) // 3
    return [f"accuracy, 1 to {cut}", f"to {2 * cut}", f"to {len(truth)}"]


def _stretches(name: str, truth: Sequence[str], guessed: Sequence[str]) -> list[str]:
    right, cut, found = [a == b for a, b in zip(truth, guessed, strict=True)], len(truth) // 3, scores(truth, guessed)
    thirds = (right[:cut], right[cut : 2 * cut], right[2 * cut :])
    return [name, f"{found.f1:.3f}", f"{found.accuracy:.3f}", *(f"{mean(third):.2f}" for third in thirds)]


def of_service(run: Run) -> Part:
    """As the scheduled job does it, every ten messages: what goes into service, what is refused, and how that guesses."""
    model: Model | None = None
    replaced, guessed = [], []
    for at, each in enumerate(run.examples):
        if at % 10 == 0:
            new = replacement(run.examples[:at], run.words, model)
            replaced += [at] if new else []
            model = new or model
        guesser: Guesser = Together(run.words, model) if model else run.words
        guessed.append(guesser.predict(each.text).category)
    after = f"In service after {', '.join(map(str, replaced)) or 'none'} of {len(guessed)} messages; refused at all other tens."
    return Part(
        "Routing: as in service",
        [after, "", *table(["", "macro-F1", "accuracy", *_thirds(run.truth)], [_stretches("in service", run.truth, guessed)])],
    )


def of_weight(run: Run) -> Part:
    """CPU seconds and bytes by the number of examples and categories, the examples put together from sentences."""
    rows = [_weighed(run, size, categories) for size, categories in SIZES if size <= run.largest]
    head = ["examples", "categories", "fit, s", "bytes", "items", "load, ms", "guess, ms", "terms"]
    return Part("Routing: time and weight", [f"CPU time here ({HERE}).", "", *table(head, rows)])


def _weighed(run: Run, size: int, categories: int) -> list[str]:
    made = many(run.examples, size, categories, Random(0))
    fitting, model = _timed(lambda: fit(made))
    data = pack(model)
    loading, loaded = _timed(lambda: unpack(data))
    guessing, _ = _timed(lambda: [loaded.predict(text) for text in run.texts])
    return [
        f"{size:,}", str(len(model.known)), f"{fitting:.1f}", f"{len(data):,}", str(len(list(parts(data)))),
        f"{loading * 1e3:.0f}", f"{guessing / len(run.texts) * 1e3:.2f}", f"{len(model.vocabulary):,}",
    ]  # fmt: skip


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begun = process_time()
    done = work()
    return process_time() - begun, done


PARTS: Final[dict[str, Callable[[Run], Part]]] = {
    "folds": of_folds,
    "sure": of_sureness,
    "stream": of_stream,
    "service": of_service,
    "weight": of_weight,
    "steps": lambda run: routing_steps.part(run.texts, run.truth, run.seeds),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.routing", description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True, metavar="FILE", help="CSV: submitted_at, title, text, category")
    parser.add_argument("--untitled", action="store_true", help="leave the titles out, for both")
    parser.add_argument("--lexicon", type=Path, metavar="FILE", help="YAML: category: [words], for stream and service")
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds (5)")
    parser.add_argument("--every", type=int, default=1, help="stream: learn anew every so many messages (1)")
    parser.add_argument("--largest", type=int, default=2_000, help="weight: up to so many examples (2000)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=["folds", "sure", "stream", "service", "weight"])
    given = parser.parse_args()
    examples = labelled(given.labelled, titled=not given.untitled)
    words = lexicon(given.lexicon, sorted({each.category for each in examples}))
    run = Run(examples, words, range(given.seeds), given.every, given.largest)
    broken = False
    for name in given.only:
        part = PARTS[name](run)
        print(part.text, flush=True)
        broken |= bool(part.broken)
    sys.exit(int(broken))


if __name__ == "__main__":
    main()
