"""What the browser complains about while a test looks at pages: none of it may happen unsaid."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

_CUT = "net::ERR_|htmx:sendError|htmx:afterRequest"


class Console:
    """Collects errors of every page of the contexts it watches: failed scripts, refusals by the
    Content-Security-Policy, files and answers that did not arrive."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._expected: list[str] = []

    def watch(self, context: BrowserContext) -> BrowserContext:
        context.on("console", self._hear)
        context.on("weberror", self._catch)
        return context

    def expect(self, *patterns: str) -> None:
        """The test makes the browser say this (regular expressions): `status of 422`. It must, or the test fails."""
        self._expected += patterns

    def expect_no_network(self) -> None:
        """The test cuts the network: the browser says so, and htmx after it."""
        self.expect(_CUT)

    def judge(self) -> None:
        unsaid = [text for text in self.said if not any(re.search(pattern, text) for pattern in self._expected)]
        assert not unsaid, "The browser's console says:\n" + "\n".join(unsaid)
        missed = [pattern for pattern in self._expected if not any(re.search(pattern, text) for text in self.said)]
        assert not missed, f"Expected in the browser's console, and not said: {missed}"

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.said.append(f"{message.text} ({message.location.get('url', '')})")

    def _catch(self, error: WebError) -> None:
        self.said.append(f"{error.error}")
