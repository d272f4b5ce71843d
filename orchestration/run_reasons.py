"""Why a run of the job did not publish, in words, from the events that Dagster kept of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import dagster as dg

from orchestration.attending import Verdict

# The events that say why; a build has thousands of others.
TELLING = {
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.PIPELINE_FAILURE,
}


def verdict_of(events: Iterable[dg.DagsterEvent]) -> Verdict:
    """Tell a build that failed, and why, from one that somebody stopped or ran in part."""
    known = list(events)
    if is_interrupted(known):
        return Verdict("stopped", "stopped on request")
    steps = [str(event.step_key) for event in known if event.event_type == dg.DagsterEventType.STEP_FAILURE]
    if not steps and not any(event.is_failure for event in known):
        return Verdict("partial", "the run had no step that publishes")
    return Verdict("failed", "\n".join(reasons_of(known)), tuple(dict.fromkeys(steps)))


def is_interrupted(events: Iterable[dg.DagsterEvent]) -> bool:
    """Whether a step ended because the process was asked to end."""
    interruption = dg.DagsterExecutionInterruptedError.__name__
    errors = [event.step_failure_data.error for event in events if event.event_type == dg.DagsterEventType.STEP_FAILURE]
    return any(error is not None and error.cls_name == interruption for error in errors)


def reasons_of(events: Sequence[dg.DagsterEvent]) -> list[str]:
    """One text for each check or step that failed, or else for the run."""
    gates: list[str] = []
    steps: list[str] = []
    for event in events:
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            evaluation = event.asset_check_evaluation_data
            if not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR:
                name = evaluation.asset_key.to_user_string()
                gates.append(f"{evaluation.check_name} on {name}:\n{evaluation.description or 'failed'}")
        elif event.event_type == dg.DagsterEventType.STEP_FAILURE:
            steps.append(f"{event.step_key}: {_root_message(event.step_failure_data.error)}")
    # A red gate fails its step too, with fewer words; only a run that never reached a step says so by its last event.
    return gates or steps or [_failure(event) for event in events if event.is_failure]


def _failure(event: dg.DagsterEvent) -> str:
    error = getattr(event.event_specific_data, "error", None)
    return _root_message(error) if error else event.message or "the run failed without a word"


def _root_message(error: object) -> str:
    # Dagster wraps the error of a step; its innermost cause is what the user can act on.
    while (cause := getattr(error, "cause", None)) is not None:
        error = cause
    return str(getattr(error, "message", error)).strip()
