"""The command line: the commands beside serving, each with plain lines and an exit code."""
