"""How many messages the rules of danger flag, and how many of those known to be dangerous they find.

    python -m bench.dangers --messages FILE [FILE …] [--ids FILE] [--directory FILE] [--words]

The messages are CSVs with the columns id, title, text; nothing of them is kept here. ``--ids`` are the ids, one a line, of
messages that people hold to be dangerous or urgent: what share of them is flagged, and which are missed. ``--directory`` takes
the rules from another file than the demo district's; ``--words`` also shows, for each word, how many messages it flags and how
many only by itself.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.shown import table
from chalicelib.directory import files
from chalicelib.directory.kinds import Danger
from chalicelib.directory.model import Directory
from chalicelib.directory.phrases import phrase, plain
from chalicelib.directory.plan import edition_of, plan

DEMO: Final = Path(__file__).parents[1] / "infra" / "demo" / "district.yaml"
COLUMNS: Final = ("id", "title", "text")
Words = frozenset[tuple[str, str]]  # rule and word


@dataclass(frozen=True)
class Flags:
    """What each message is flagged by: its id → rules and words; and which rules say danger."""

    words: Mapping[str, Words]
    danger: frozenset[str]

    def by(self, ids: Iterable[str]) -> list[str]:
        """Those of the ids that any rule flags."""
        return [id for id in ids if self.words[id]]

    def in_danger(self, ids: Iterable[str]) -> list[str]:
        """Those of the ids that a rule of danger flags."""
        return [id for id in ids if any(rule in self.danger for rule, _ in self.words[id])]

    def rule(self, name: str, ids: Iterable[str]) -> list[str]:
        """Those of the ids that this rule flags."""
        return [id for id in ids if any(rule == name for rule, _ in self.words[id])]

    def alone(self, name: str, ids: Iterable[str]) -> list[str]:
        """Those of the ids that no other rule flags."""
        return [id for id in ids if {rule for rule, _ in self.words[id]} == {name}]


def rules_of(file: Path) -> tuple[Danger, ...]:
    """The rules of a directory's file that are in use."""
    planned = plan({}, files.read(file.read_text(encoding="utf-8"), "yaml", ""))
    if planned.report.errors:
        raise SystemExit("\n".join(map(str, planned.report.errors)))
    return Directory(edition_of(planned.after, 1, datetime.now(UTC))).danger_rules


def messages(paths: Sequence[Path]) -> dict[str, str]:
    """Title and text by id; a message that stands in two files counts once."""
    found: dict[str, str] = {}
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(COLUMNS) - set(reader.fieldnames or ())
            if missing:
                raise SystemExit(f"{path} has no column {', '.join(sorted(missing))}")
            found |= {row["id"]: f"{row['title']}\n{row['text']}" for row in reader}
    return found


def flags(rules: Sequence[Danger], texts: Mapping[str, str]) -> Flags:
    """What the rules find in the texts."""
    words = {id: _words_in(plain(text), rules) for id, text in texts.items()}
    return Flags(words, frozenset(rule.id for rule in rules if rule.urgency == "danger"))


def _words_in(text: str, rules: Sequence[Danger]) -> Words:
    return frozenset((rule.id, word) for rule in rules for word in rule.words if phrase(word).stands_in(text))


def by_rule(rules: Sequence[Danger], found: Flags, known: Sequence[str]) -> list[str]:
    """A row for each rule: flagged, flagged by no other rule, and of those known to be dangerous."""
    ids = list(found.words)
    rows = [
        [rule.id, rule.urgency, *(len(part) for part in (
            found.rule(rule.id, ids), found.alone(rule.id, ids), found.rule(rule.id, known), found.alone(rule.id, known)
        ))]
        for rule in rules
    ]  # fmt: skip
    return table(["rule", "urgency", "flags", "no other rule does", "of the known", "no other rule does"], rows)


def by_word(found: Flags, known: Sequence[str]) -> list[str]:
    """A row for each word that flags anything, those that flag most by themselves first."""
    flagged = Counter(word for words in found.words.values() for word in words)
    alone = Counter(next(iter(words)) for words in found.words.values() if len(words) == 1)
    of_known = Counter(word for id in known for word in found.words[id])
    ordered = sorted(flagged, key=lambda word: (-alone[word], -flagged[word], word))
    rows = [[*word, flagged[word], alone[word], of_known[word]] for word in ordered]
    return table(["rule", "word", "flags", "no other word does", "of the known"], rows)


def shares(found: Flags, known: Sequence[str]) -> list[str]:
    """In sentences: what share of all is flagged, and of those known to be dangerous."""
    ids = list(found.words)
    said = [_share("messages are flagged", len(found.by(ids)), ids), _share("as a danger", len(found.in_danger(ids)), ids)]
    if known:
        missed = sorted(set(known) - set(found.by(known)))
        said.append(_share("known ones are flagged (recall)", len(found.by(known)), known))
        said += [_share("as a danger", len(found.in_danger(known)), known), f"Missed: {', '.join(missed) or 'none'}"]
    return said


def _share(what: str, count: int, of: Sequence[str]) -> str:
    return f"{count:,} of {len(of):,} {what}: {count / max(len(of), 1):.1%}"


def known_of(path: Path | None, texts: Mapping[str, str]) -> list[str]:
    """The ids in a file, each once. Ends the process if one is of no message."""
    ids = list(dict.fromkeys(path.read_text(encoding="utf-8").split())) if path else []
    if strangers := [id for id in ids if id not in texts]:
        raise SystemExit(f"{path} names messages that are in no file: {', '.join(strangers[:5])}")
    return ids


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.dangers", description=__doc__)
    parser.add_argument("--messages", type=Path, required=True, nargs="+")
    parser.add_argument("--ids", type=Path)
    parser.add_argument("--directory", type=Path, default=DEMO)
    parser.add_argument("--words", action="store_true")
    given = parser.parse_args()
    for path in (*given.messages, given.directory, *([given.ids] if given.ids else [])):
        if not path.is_file():
            raise SystemExit(f"There is no file {path}. The messages are not part of this project: give the path of yours")
    rules, texts = rules_of(given.directory), messages(given.messages)
    known, found = known_of(given.ids, texts), flags(rules, texts)
    parts = [by_rule(rules, found, known), *([by_word(found, known)] if given.words else []), shares(found, known)]
    print("\n\n".join("\n".join(part) for part in parts))


if __name__ == "__main__":
    main()
