"""A pytest plugin: says under the tests which of the checks before them failed."""

import os

from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the names, so that a green last line does not hide a red check far above."""
    failed = os.environ.get("FAILED_CHECKS")
    if failed:
        terminalreporter.section("checks that failed, see above", red=True)
        terminalreporter.line(failed)
