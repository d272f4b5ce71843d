"""`python -m orchestration.sample.live`: the walk through the live sample, from start to stop."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from orchestration.sample.live.walk_through import DEFAULT_TICKETS, LiveRunError, run_live
from orchestration.sample.servers import ServerFailed, ServerMissing

EXIT_INTERRUPTED = 130


def main() -> int:
    """Run the walk-through; the exit code is 0 if the second run landed just what had changed."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.sample.live", description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("AFTERSALES_DATA_DIR") or "data"))
    parser.add_argument("--tickets", type=int, default=DEFAULT_TICKETS)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return run_live(arguments.data_dir.resolve(), arguments.tickets, _say)
    except (LiveRunError, ServerFailed, ServerMissing) as error:
        _say(f"aftersales: {error}")
        return 1
    except KeyboardInterrupt:
        _say("stopped on request, the systems too")
        return EXIT_INTERRUPTED


def _say(text: str) -> None:
    # Builds print beside it, so that nothing may wait in a buffer.
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
