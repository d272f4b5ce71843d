"""`aftersales alerts test` tries every route and says what came of it."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.company import Company
from tests.orchestration.alerts.servers import webhook


def company(folder: Path, routes: dict[str, str]) -> Company:
    told = {name: {"kind": "webhook", "url": url} for name, url in routes.items()}
    path = folder / "acme.yml"
    path.write_text(yaml.safe_dump({"extends": "sample", "alerts": {"language": "en", "routes": told}}))
    return Company(folder / "data", str(path))


def test_every_route_is_tried_and_what_fails_is_named(tmp_path: Path) -> None:
    with webhook() as hook, webhook() as broken:
        broken.says.append(500)
        done = company(tmp_path, {"broken": broken.url, "chat": hook.url}).run("alerts", "test", expected=1)
    assert done.stdout.splitlines() == [
        "broken (webhook): failed: the service answered 500",
        "chat (webhook): sent",
    ]
    assert done.stderr.strip() == "aftersales: 1 of 2 routes failed: broken"
    (test,) = hook.received
    assert (test["event"], test["subject"]) == ("test", "Haosheng Appliances: a test of the alerts")


def test_a_profile_without_routes_is_told_where_to_read(tmp_path: Path) -> None:
    assert "has no alerts.routes" in company(tmp_path, {}).run("alerts", "test", expected=2).stderr
