from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.ivr import rows

pytestmark = pytest.mark.django_db


def export(*arguments):
    out = StringIO()
    call_command("export_flows", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_all_flows_are_written_and_what_was_done_is_told(tmp_path):
    rows.simple_flow("One")
    rows.flow("Two")

    first = export("--folder", str(tmp_path))
    again = export("--folder", str(tmp_path))

    assert first == [f"new        {tmp_path}/one.json", f"new        {tmp_path}/two.json", "2 flows, 2 files changed."]
    assert again == ["2 flows, 0 files changed."]


def test_only_those_that_are_named_are_written(tmp_path):
    rows.flow("One")
    rows.flow("Two")

    export("Two", "--folder", str(tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == ["two.json"]
    with pytest.raises(CommandError, match="no flow named Three"):
        export("One", "Three", "--folder", str(tmp_path))


def test_files_are_removed_only_on_request_and_never_beside_names(tmp_path):
    rows.flow("One")
    two = rows.flow("Two")
    export("--folder", str(tmp_path))
    two.delete()

    export("--folder", str(tmp_path))
    assert (tmp_path / "two.json").exists()
    assert export("--folder", str(tmp_path), "--remove")[0] == f"removed    {tmp_path}/two.json"
    with pytest.raises(CommandError, match="leave the names out"):
        export("One", "--folder", str(tmp_path), "--remove")
