"""Sounds in a page. What a page promises to tell may never come, and Playwright waits for it without an end."""

from playwright.sync_api import Locator, Page

LENGTH = """player => new Promise((done, fail) => {
  setTimeout(() => fail(new Error("the sound was not loaded within 20 seconds")), 20000);
  player.onerror = () => fail(new Error(`the sound cannot be loaded: ${player.error.message}`));
  player.onloadedmetadata = () => done(player.duration);
  player.load();
})"""


def length(player: Locator) -> float:
    """Load a sound and tell how many seconds it lasts."""
    seconds: float = player.evaluate(LENGTH)
    return seconds


def play(page: Page) -> None:
    """Begin to play the first sound of a page; whether it plays is for the test to see."""
    page.evaluate("() => { document.querySelector('audio').play(); }")
