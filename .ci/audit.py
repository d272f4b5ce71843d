"""What `make check` asks beside the linters: do the dependencies fit, are they safe, is a secret in the repository?

The audit of dependencies needs the network, and the scan for secrets the package detect-secrets; where one is not to be
had, it is left out, and says so. Exit code 1: something was found.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
# In an environment of its own, made on first use: it brings twenty packages that nothing else needs.
PIP_AUDIT = "pip-audit==2.10.1"
SECONDS = 120
# Where words and numbers of data look like secrets.
NOT_SCANNED = (".lock", ".png", ".svg", ".sql", ".csv", "__unit_tests.yml", "__models.yml")


def main() -> int:
    """Ask the three questions, and say what came of each."""
    return int(not all([dependencies_fit(), dependencies_are_safe(), nothing_is_secret()]))


def dependencies_fit() -> bool:
    """Every package has the versions of others that it asks for."""
    done = run(str(BIN / "uv"), "pip", "check", "--python", sys.executable)
    say(done.stderr.strip().splitlines()[-1] if done.returncode == 0 else done.stderr.strip())
    return done.returncode == 0


def dependencies_are_safe() -> bool:
    """No version in the lock has a published vulnerability."""
    # OSV's service, not the package index: an index need not know vulnerabilities, nor be asked for every name.
    asked = ["--vulnerability-service", "osv", "--format", "json", "--progress-spinner", "off"]
    asked += ["--require-hashes", "--disable-pip"]
    try:
        done = run(str(BIN / "uvx"), "--quiet", "--from", PIP_AUDIT, "pip-audit", *asked, "-r", "requirements.lock")
        audited = [each for each in json.loads(done.stdout)["dependencies"] if "vulns" in each]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        audited = []
    if not audited:
        say("audit of dependencies left out: its service cannot be reached")
        return True
    unsafe = [(each["name"], each["version"], found) for each in audited for found in each["vulns"]]
    for name, version, found in unsafe:
        say(f"{name} {version}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'no version yet'}")
    say(f"{len(audited)} dependencies audited, {len(unsafe)} vulnerabilities")
    return not unsafe


def nothing_is_secret() -> bool:
    """No tracked file holds what looks like a secret; .secrets.baseline lists what tests make up."""
    tool = BIN / "detect-secrets-hook"
    files = run("git", "ls-files", "-z").stdout.split("\0")
    scanned = [file for file in files if file and not file.endswith(NOT_SCANNED) and file != ".secrets.baseline"]
    if not scanned or not tool.is_file():
        say("scan for secrets left out: it needs the package detect-secrets, and a clone of git")
        return True
    with TemporaryDirectory() as folder:
        # A copy: the tool writes moved lines into it, which is no finding (its exit code 3).
        baseline = shutil.copy(ROOT / ".secrets.baseline", folder)
        done = run(str(tool), "--baseline", baseline, *scanned)
    is_clean = done.returncode in {0, 3}
    say(f"{len(scanned)} files scanned, no secret" if is_clean else f"{done.stdout}{done.stderr}".strip())
    return is_clean


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command at the root of the repository."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603


def say(text: str) -> None:
    """Write for whoever called."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    raise SystemExit(main())
