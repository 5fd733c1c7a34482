import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_web_process_starts_also_where_no_emergency_text_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    changed = {
        "DATA_DIR": str(tmp_path / "file" / "folder"),
        "DATABASE_URL": database.geturl(),
        "DATABASE_POOL_SIZE": "0",
        "DJANGO_SETTINGS_MODULE": "contactcenter.settings_test",
    }

    started = subprocess.run(
        [sys.executable, "-c", "import contactcenter.wsgi"], env=os.environ | changed, capture_output=True, text=True
    )

    assert started.returncode == 0, started.stderr
    assert "no emergency texts yet: NotADirectoryError" in started.stderr
