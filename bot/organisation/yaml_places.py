"""A YAML file with the line of everything in it, so that each problem can be told with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]


class NotYaml(Exception):
    """``line`` is None where the fault has no place, as with bytes that are no text."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """``tree`` is what the file says; ``repeated`` names keys that stand twice in one place, with the second line."""

    tree: Any
    repeated: tuple[tuple[str, int], ...]
    root: yaml.Node | None

    def line(self, path: Path) -> int:
        """The line of the deepest part of ``path`` that is in the file, from 1."""
        node, line = self.root, 1
        for part in path:
            found = _step(node, part)
            if found is None:
                break
            node, line = found
        return line


def read_placed(text: str) -> Placed:
    """Raises NotYaml. Only plain values are made, never objects."""
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        tree = None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYaml(error.problem or "is not YAML", mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotYaml("is not YAML that can be read") from error
    return Placed(tree=tree, repeated=tuple(_repeated(root, set())), root=root)


def _step(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None


def _repeated(node: yaml.Node | None, seen: set[int]) -> Iterator[tuple[str, int]]:
    """YAML's reader would take the last of two like keys without a word."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in names:
                    yield key.value, key.start_mark.line + 1
                names.add(key.value)
            yield from _repeated(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _repeated(one, seen)
