"""A page as people find it: what stands in their way, and a picture for who wants to look."""

import os
from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "axe.min.js").read_text()
SERIOUS = """async (within) => (await axe.run(within)).violations
  .filter(({impact}) => impact === "serious" || impact === "critical")
  .map(({id, nodes}) => `${id}: ${nodes.map(({target, html}) => `${target} ${html.slice(0, 200)}`).join(" ")}`)"""


def barriers(page: Page, within: str = "html") -> list[str]:
    """Tell what keeps people with disabilities out, seriously, of the page or of what a selector finds on it."""
    page.evaluate(AXE)
    return list(page.evaluate(SERIOUS, within))


def look(page: Page, name: str) -> None:
    """Keep a picture of the page in the folder PICTURES, where one is named."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
