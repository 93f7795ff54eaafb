"""The directory as YAML: a mapping of kinds, each with the list of its records. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import yaml

from chalicelib.directory.fields import nearest, written
from chalicelib.directory.kinds import KINDS, SINGLE, Record
from chalicelib.directory.report import Read, Row

DEEPEST: Final = 8
NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})  # YAML 1.2.2, section 10.2.1.1

# The C parser is some ten times faster and is in every wheel of PyYAML; it reads what the other reads.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def read(text: str, kind: str, found: Read) -> None:
    """Read a whole directory or parts of it; with ``kind``, a bare list of its records too."""
    try:
        root = yaml.compose(text, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it holds characters that YAML does not allow"
        return found.wrong(mark.line + 1 if mark else 0, "not_yaml", f"This is not YAML: {reason}")
    plain = _Plain(found)
    for name, node in _sections(root, kind, found):
        _read_section(name, node, found, plain)
    return None


def _sections(root: yaml.Node | None, kind: str, found: Read) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(root, yaml.SequenceNode) and kind:
        yield kind, root
    elif not isinstance(root, yaml.MappingNode):
        found.wrong(1, "not_a_directory", "The file must name kinds, each with its list", "bodies: [{id: …}]")
    else:
        yield from _named_sections(root, kind, found)


def _named_sections(root: yaml.MappingNode, kind: str, found: Read) -> Iterator[tuple[str, yaml.Node]]:
    seen: set[str] = set()
    for key, node in root.value:
        name, line = _name(key), key.start_mark.line + 1
        if name not in KINDS:
            found.wrong(line, "unknown_kind", f"There is no kind '{name}'", nearest(name, KINDS))
        elif kind and name != kind:
            found.wrong(line, "other_kind", f"The file was to hold '{kind}', and here begins '{name}'", kind)
        elif name in seen:
            found.wrong(line, "twice", f"'{name}' stands twice in the file", "one list a kind", name)
        else:
            yield name, node
        seen.add(name)


def _read_section(kind: str, node: yaml.Node, found: Read, plain: "_Plain") -> None:
    if kind in SINGLE and isinstance(node, yaml.MappingNode):
        node = yaml.SequenceNode("", [node], node.start_mark, node.end_mark)
    if not isinstance(node, yaml.SequenceNode):
        found.wrong(node.start_mark.line + 1, "not_a_list", f"'{kind}' must be a list of records", "- id: …", kind)
        return
    for item in node.value:
        _read_record(kind, item, found, plain)


def _read_record(kind: str, item: yaml.Node, found: Read, plain: "_Plain") -> None:
    line = item.start_mark.line + 1
    if not isinstance(item, yaml.MappingNode):
        found.wrong(line, "not_a_record", "A record must have fields", "id: …", kind)
        return
    lines = {_name(key): key.start_mark.line + 1 for key, _ in item.value}
    found.rows.append(Row(kind, plain.value(item) or {}, line, lines))


def _name(key: yaml.Node) -> str:
    # Never the text of a list: with aliases in it, that alone could fill the memory.
    return str(key.value) if isinstance(key, yaml.ScalarNode) else ""


class _Plain:
    """YAML's nodes as strings, lists and mappings. Aliases are refused: nobody needs them here, and a file of a few
    lines could unfold to gigabytes through them."""

    def __init__(self, found: Read) -> None:
        self._found, self._seen = found, set[int]()

    def value(self, node: yaml.Node, depth: int = 0) -> Any:
        """A node's value; None, and a problem told, if it can't be used."""
        if id(node) in self._seen:
            return self._wrong(
                node, "alias", "This is used again through an alias (*), which can't be", "the value itself, there too"
            )
        self._seen.add(id(node))
        if depth > DEEPEST:
            return self._wrong(node, "too_deep", f"This is nested deeper than {DEEPEST} levels")
        if isinstance(node, yaml.MappingNode):
            return self._table(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        bare = isinstance(node, yaml.ScalarNode) and node.style is None
        return None if bare and node.value in NOTHING else str(node.value)

    def _table(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(key, "bad_name", "A field's name must be plain text")
            elif key.value in table:
                self._wrong(key, "twice", f"'{key.value}' stands twice in one record", "one of them")
            else:
                table[str(key.value)] = self.value(value, depth + 1)
        return table

    def _wrong(self, node: yaml.Node, code: str, detail: str, right: str = "") -> None:
        self._found.wrong(node.start_mark.line + 1, code, detail, right)


def table_of(text: str) -> Any:
    """One field's table, typed into a form: plain strings, lists and tables. Raises ValueError that says what is wrong."""
    found = Read()
    try:
        node = yaml.compose(text, _Loader)
    except yaml.YAMLError as error:
        raise ValueError(f"This is not YAML: {getattr(error, 'problem', None) or 'it can not be read'}") from None
    value = _Plain(found).value(node) if node else None
    if found.problems:
        raise ValueError(found.problems[0].detail)
    return value


def table_written(table: Mapping[str, Any]) -> str:
    """One field's table as ``table_of`` reads it back."""
    return str(yaml.dump(dict(table), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=120)).strip()


class _Writer(_Dumper):  # type: ignore[misc, valid-type]
    """Writes tuples, the lists within a record, in one line."""


_Writer.add_representer(tuple, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True))


def write(records: Mapping[str, Iterable[Record]]) -> str:
    """Records by kind as one file; kinds without any are left out."""
    shown = {kind: _listed(kind, found) for kind, found in records.items()}
    content = {kind: found for kind, found in shown.items() if found}
    return str(yaml.dump(content, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=120))


def _listed(kind: str, records: Iterable[Record]) -> Any:
    listed = [written(kind, record) for record in records]
    return listed[0] if kind in SINGLE and len(listed) == 1 else listed
