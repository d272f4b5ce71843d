"""What keeps somebody from reading a page who sees little or nothing: axe-core's rules, where it is shown."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Streamlit puts the names of groups of pages between the items of its navigation: a list with more than items.
_NAVIGATION = ["[data-testid='stSidebarNav']"]
_LIST_RULES = ("list", "listitem")
# Streamlit's boxes with a height: today's browsers let the keyboard into whatever scrolls.
_OFF = ("scrollable-region-focusable",)
_LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def serious_violations(page: Page) -> list[str]:
    """What axe calls serious or critical on the page as it stands: rule, how often, and the first place."""
    return [
        *_violations(page, {"include": [["body"]], "exclude": [_NAVIGATION]}, _OFF),
        *(
            _violations(page, {"include": [_NAVIGATION]}, (*_OFF, *_LIST_RULES))
            if page.query_selector(*_NAVIGATION)
            else []
        ),
    ]


def _violations(page: Page, context: dict[str, object], rules_off: tuple[str, ...]) -> list[str]:
    options = {"runOnly": _LEVELS, "rules": {rule: {"enabled": False} for rule in rules_off}}
    found = Axe().run(page, context=context, options=options)
    return [
        f"{violation['id']} ({len(violation['nodes'])}): {violation['help']}: {violation['nodes'][0]['html'][:200]}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
