"""The board pack as Dagster's asset: made monthly, or when asked for, of the version that is served then.

Annotations are not postponed here: Dagster inspects that of `context`.
"""

import dagster as dg

from orchestration.asset_keys import PUBLISHED_KEY
from orchestration.board_packs import LANGUAGES, make_board_pack
from orchestration.settings import read_settings
from orchestration.workspace import find_profile, workspace_for

PACK_KEY = dg.AssetKey(["published", "board_pack"])
PACK_JOB_NAME = "make_board_pack"


@dg.asset(key=PACK_KEY, deps=[PUBLISHED_KEY], group_name="published", kinds={"pdf"})
def board_pack() -> dg.MaterializeResult[None]:
    """The latest complete month as a printed document in each language: summary, views, sources, definitions."""
    settings = read_settings()
    workspace = workspace_for(find_profile(settings.profile), settings.data_dir)
    if settings.known_at:
        workspace = workspace.restated(settings.known_at)
    packs = [make_board_pack(workspace, language) for language in LANGUAGES]
    metadata: dict[str, dg.MetadataValue | str | int] = {
        "period": packs[0].period, "build_id": packs[0].build_id, "contents": packs[0].contents,
    }  # fmt: skip
    for pack in packs:
        metadata |= {
            f"path_{pack.language}": dg.MetadataValue.path(str(pack.path)),
            f"pages_{pack.language}": pack.pages,
            f"bytes_{pack.language}": pack.bytes,
        }
    return dg.MaterializeResult(metadata=metadata)
