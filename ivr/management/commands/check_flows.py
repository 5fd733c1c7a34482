"""Check flows as publishing does, and run their scenarios; for a person, and for a build server.

Ends with 0 if all is well, with 1 if a flow has an error or a scenario fails, and with 2 if it was called wrongly.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from junitparser import Failure, JUnitXml, TestCase, TestSuite

from ivr import actions
from ivr.drafting.drafts import compile_draft
from ivr.kinds.base import Problem
from ivr.models import Flow
from ivr.scenarios.running import Report, of_document

FAILED, MISUSE = 1, 2


@dataclass(frozen=True, slots=True)
class Checked:
    """A flow, which document of it, and what was found."""

    flow: str
    what: str
    problems: tuple[Problem, ...]
    report: Report

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


class Command(BaseCommand):
    """Check drafts, or what callers meet now, and run the scenarios of each flow."""

    help = "Checks flows and runs their scenarios. Ends with 1 if something fails, with 2 if it was called wrongly."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the flows by name, which of their documents, and where to write the file."""
        parser.add_argument("flow", nargs="*", help="Names of flows. None: all flows.")
        parser.add_argument(
            "--published", action="store_true", help="Check what callers meet now in place of the drafts."
        )
        parser.add_argument("--junit", metavar="FILE", help="Also write the results as a JUnit file.")

    def handle(self, *_: object, **options: Any) -> None:
        """Check, tell, write the file, and end with what came of it."""
        flows = list(self._flows(options["flow"], published=options["published"]))
        checked = []
        for flow in flows:
            checked.append(_check(flow, published=options["published"]))
            self._tell(checked[-1])
        if options["junit"]:
            self._write(Path(options["junit"]), checked)
        errors = sum(len(one.errors) for one in checked)
        failed = sum(len(one.report.failed) for one in checked)
        if errors or failed:
            told = f"{_count(errors, 'error')}, and {_count(failed, 'scenario')} failed."
            raise CommandError(told, returncode=FAILED)
        self.stdout.write(self.style.SUCCESS("All is well."))

    def _flows(self, names: list[str], *, published: bool) -> Iterator[Flow]:
        rows = Flow.objects.select_related("published").order_by("name")
        if names:
            rows = rows.filter(name__in=names)
            missing = set(names) - {flow.name for flow in rows}
            if missing:
                raise CommandError(f"There is no flow {', '.join(sorted(missing))}.", returncode=MISUSE)
        for flow in rows:
            if not published or flow.published is not None:
                yield flow
            elif names:
                raise CommandError(f"Flow {flow.name} has no published version.", returncode=MISUSE)
            else:
                self.stdout.write(f"Flow “{flow.name}”: never published, so nothing to check.")

    def _tell(self, one: Checked) -> None:
        report = one.report
        self.stdout.write(self.style.MIGRATE_HEADING(f"Flow “{one.flow}” ({one.what})"))
        for problem in one.problems:
            style = self.style.ERROR if problem.severity == "error" else self.style.WARNING
            self.stdout.write(style(f"  {problem.severity:7} {problem.text}"))
        for result in report.results:
            took = f"({result.milliseconds:.1f} ms)"
            if result.passed:
                self.stdout.write(f"  passed  {result.name} {took}")
            else:
                self.stdout.write(self.style.ERROR(f"  FAILED  {result.name} {took}"))
                for difference in result.differences:
                    self.stdout.write(f"          {difference.text}")
        if report.results:
            each = report.milliseconds / len(report.results)
            told = f"{len(report.passed)} of {_count(len(report.results), 'scenario')} passed"
            self.stdout.write(f"  {told} in {report.milliseconds:.0f} ms ({each:.1f} ms each, reading included)")
        else:
            self.stdout.write("  no scenarios")
        if report.exits:
            self.stdout.write(f"  {len(report.covered)} of {len(report.exits)} exits covered ({report.percent}%)")

    def _write(self, path: Path, checked: list[Checked]) -> None:
        file = JUnitXml("Flows")
        for one in checked:
            file.add_testsuite(_suite(one))
        try:
            file.write(str(path), pretty=True)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.", returncode=MISUSE) from None


def _check(flow: Flow, *, published: bool) -> Checked:
    version = flow.published if published else None
    document = version.document if version else compile_draft(flow)
    what = f"version {version.number}" if version else "draft"
    return Checked(flow.name, what, actions.check(document, at=now()), of_document(flow, document))


def _suite(one: Checked) -> TestSuite:
    """Write a flow as a suite: its checks as one case, then a case for each scenario."""
    suite = TestSuite(f"{one.flow} ({one.what})")
    checks = TestCase("Checks", classname=one.flow, time=0.0)
    if one.errors:
        checks.result = [Failure(problem.text, problem.code) for problem in one.errors]
    checks.system_out = "\n".join(problem.text for problem in one.problems if problem.severity == "warning")
    suite.add_testcase(checks)
    for result in one.report.results:
        case = TestCase(result.name, classname=one.flow, time=round(result.milliseconds / 1000, 6))
        if not result.passed:
            case.result = [Failure(difference.text, "difference") for difference in result.differences]
        suite.add_testcase(case)
    return suite


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
