"""A start that fails leaves the process as it was."""

import gc

import pytest

from bot import process


def test_the_collector_rests_while_a_start_builds_and_no_longer() -> None:
    thresholds = gc.get_threshold()
    try:
        with process.life():
            assert not gc.isenabled()
            process.settle_memory()
            assert gc.isenabled()
        with pytest.raises(OSError, match="the port is taken"), process.life():
            raise OSError("the port is taken")
        assert gc.isenabled()
        assert gc.get_freeze_count() == 0
    finally:
        gc.set_threshold(*thresholds)
