"""What learned routing is measured beside: scikit-learn's linear SVM on TF-IDF of character 1- to 3-grams, and its folds.

The peer as it is named, with scikit-learn's defaults; and tuned by us as far as it goes with the same terms.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def sklearn(module: str) -> Any:
    """A module of scikit-learn; ends with a word about how to get it if it is not there."""
    if find_spec("sklearn") is None:
        sys.exit("This measures beside scikit-learn, which is not installed: pip install -r bench/requirements.txt")
    return import_module(f"sklearn.{module}")


@dataclass(frozen=True)
class Scores:
    """Macro-F1 (the mean over categories) and accuracy."""

    f1: float
    accuracy: float


def scores(truth: Sequence[str], guessed: Sequence[str]) -> Scores:
    """How well was guessed; no guess ("") is a wrong one. Averaged over the categories that there are."""
    metrics, names = sklearn("metrics"), sorted(set(truth))
    f1 = metrics.f1_score(truth, guessed, average="macro", labels=names, zero_division=0)
    return Scores(float(f1), float(metrics.accuracy_score(truth, guessed)))


def folds(truth: Sequence[str], seed: int) -> Iterator[tuple[list[int], list[int]]]:
    """Five stratified folds: what to learn from and what to guess."""
    made = sklearn("model_selection").StratifiedKFold(5, shuffle=True, random_state=seed)
    for train, test in made.split(truth, truth):
        yield train.tolist(), test.tolist()


@dataclass(frozen=True)
class Peer:
    """A machine of scikit-learn on TF-IDF. Terms are counted once for all texts (``counts``, a sparse row for each); every fit
    takes only terms of its own texts, those that ``fewest`` of them hold, as if it had counted anew."""

    counts: Any
    fewest: int
    machine: Callable[[], Any]
    sublinear: bool = False

    def guess(self, train: Sequence[int], truth: Sequence[str], test: Sequence[int]) -> list[str]:
        """Learn from some texts and guess others, all by their number."""
        learnt = self.counts[train]
        in_texts = (learnt > 0).sum(axis=0).A1
        known = in_texts >= self.fewest
        weigh = sklearn("feature_extraction.text").TfidfTransformer(sublinear_tf=self.sublinear).fit(learnt[:, known])
        machine = self.machine().fit(weigh.transform(learnt[:, known]), truth)
        guessed: list[str] = machine.predict(weigh.transform(self.counts[test][:, known])).tolist()
        return guessed

    def over_folds(self, truth: Sequence[str], seed: int) -> Scores:
        """Its scores over five folds."""
        found: dict[int, str] = {}
        for train, test in folds(truth, seed):
            found |= dict(zip(test, self.guess(train, [truth[at] for at in train], test), strict=True))
        return scores(truth, [found[at] for at in range(len(truth))])


def svm(**settings: object) -> Any:
    """scikit-learn's linear SVM."""
    return sklearn("svm").LinearSVC(random_state=0, **settings)


def svm_as_named(texts: Sequence[str]) -> Peer:
    """TF-IDF of character 1- to 3-grams and the linear SVM, as scikit-learn has them."""
    counter = sklearn("feature_extraction.text").CountVectorizer(analyzer="char", ngram_range=(1, 3))
    return Peer(counter.fit_transform(texts), 1, svm)


def svm_tuned(texts: Sequence[str]) -> Peer:
    """The same, with what gains most without other terms: only terms of two texts, categories balanced."""
    return Peer(svm_as_named(texts).counts, 2, lambda: svm(class_weight="balanced"))
