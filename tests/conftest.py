pytest_plugins = ["tests.nothing_left_out", "tests.postgres"]
