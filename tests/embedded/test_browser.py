"""What the browser tests need and what is said where it is missing."""

import pytest

from embedded import browser


def test_a_named_browser_is_taken_before_one_on_the_path(tmp_path, monkeypatch):
    (tmp_path / "chromium").write_text("")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert browser.chromium({"CHROMIUM_PATH": "/opt/mine"}) == "/opt/mine"
    assert browser.chromium({}) == str(tmp_path / "chromium")


@pytest.mark.skipif(browser.MACOS.exists(), reason="Chrome is found outside the PATH here")
def test_a_machine_without_a_browser_is_told_how_to_get_one(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    variables = {"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}

    browser.provide(variables)

    assert "chromium" in browser.missing(variables)
    assert "The browser tests are skipped. No Chromium here: install one" in capsys.readouterr().out


def test_playwrights_own_browser_will_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "chromium-1234").mkdir()

    assert "chromium" not in browser.missing({"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)})
