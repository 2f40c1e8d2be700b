"""The garbage collector rests while a start builds what stays; one that fails leaves the process as it was."""

import gc
import subprocess
import sys
from pathlib import Path

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


def test_no_garbage_is_collected_while_the_program_is_imported_and_it_is_afterwards() -> None:
    told = "import gc; before = gc.get_stats(); import app; print(gc.isenabled(), gc.get_stats()[2] == before[2])"
    root = Path(__file__).parents[2]
    said = subprocess.run([sys.executable, "-c", told], cwd=root, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "True"]
