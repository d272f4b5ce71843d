"""What keeps somebody from reading a page who sees little or nothing: axe-core's rules, where it is shown."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Streamlit's own drawing of the line in a card, which its card describes in words; not ours to change.
_NOT_OURS = [["[data-testid='stMetricChart']"]]
_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    # Streamlit's boxes with a height: today's browsers let the keyboard into whatever scrolls.
    "rules": {
        "scrollable-region-focusable": {"enabled": False},
        # Streamlit puts the names of groups of pages between the items of its navigation; our own lists are Markdown's.
        "list": {"enabled": False},
        "listitem": {"enabled": False},
    },
}


def serious_violations(page: Page) -> list[str]:
    """What axe calls serious or critical on the page as it stands: rule, how often, and the first place."""
    found = Axe().run(page, context={"include": [["body"]], "exclude": _NOT_OURS}, options=_OPTIONS)
    return [
        f"{violation['id']} ({len(violation['nodes'])}): {violation['help']}: {violation['nodes'][0]['html'][:200]}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
