"""64-bit numbers to numbers, by the hundred thousand: old ones in sorted arrays, new ones in a dictionary.

A dictionary takes about 100 bytes an entry, and a start has to build it anew; the arrays take 16 and are read as they
lie on the disk. A look-up in them costs some 2 µs.
"""

from array import array
from bisect import bisect_left


class Numbers:
    """``keys`` are sorted, with their values at the same places; ``later`` is what came since, and it counts."""

    def __init__(
        self,
        keys: "array[int] | None" = None,
        values: "array[int] | None" = None,
        later: dict[int, int] | None = None,
    ) -> None:
        self.keys = array("Q") if keys is None else keys
        self.values = array("Q") if values is None else values
        self.later = {} if later is None else later

    def get(self, key: int) -> int | None:
        found = self.later.get(key)
        if found is not None:
            return found
        place = bisect_left(self.keys, key)
        return self.values[place] if place < len(self.keys) and self.keys[place] == key else None

    def __contains__(self, key: int) -> bool:
        return self.get(key) is not None

    def __setitem__(self, key: int, value: int) -> None:
        self.later[key] = value

    def __len__(self) -> int:
        """At most: what was changed since is counted twice."""
        return len(self.keys) + len(self.later)

    def copy(self) -> "Numbers":
        """The arrays are never changed and so shared."""
        return Numbers(self.keys, self.values, dict(self.later))

    def settled(self) -> "Numbers":
        """The same, all of it in arrays: half a second for a million."""
        known = dict(zip(self.keys, self.values, strict=True)) | self.later
        keys = array("Q", sorted(known))
        return Numbers(keys, array("Q", map(known.__getitem__, keys)))
