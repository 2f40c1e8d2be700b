"""Contents on their way out: what is disposed of at the same time is erased together."""

from collections.abc import Sequence

from storage.contents import ContentFile


class Erasure:
    """One batch, for ``storage.grouping``: a file of evidence takes a tenth of a second to overwrite, which is work for
    a thread. Commits may be written at the same time: what they write lies behind all that can be erased."""

    def __init__(self, contents: ContentFile, wishes: Sequence[Sequence[str]]) -> None:
        self._contents = contents
        self._wishes = len(wishes)
        self._places = contents.leave({ref for refs in wishes for ref in refs})

    @property
    def size(self) -> int:
        return sum(length for _, length in self._places.values())

    def write(self) -> None:
        self._contents.erase(self._places.values())

    def settle(self, error: Exception | None) -> Sequence[Exception | None]:
        self._contents.left(self._places.keys(), gone=error is None)
        return [error] * self._wishes
