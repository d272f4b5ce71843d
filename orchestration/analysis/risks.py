"""Probabilities that something will go wrong, from what was known at an instant, by logistic regression.

The past is looked at again from instants back from as-of ("moments"). The model that judges a block of moments has
learned from what was known when the block began, and nothing later: its probabilities can be held against what came
(Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 5.10: time series cross-validation). What is open at
as-of is judged by a model that has learned from all that is known by then, and each probability is explained by what
moved it most away from that of the mean row: in a logistic model each feature adds to the log odds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

# Fewer of either kind teach nothing: ten for each of some features (Peduzzi et al. 1996), of which a handful matter.
MIN_EVENTS = 50
# A level that fewer rows have is one of "the others".
_MIN_LEVEL_ROWS = 30
REASON_COUNT = 3
# A smaller effect on the log odds is no reason: it moves a probability by less than three hundredths.
_MIN_EFFECT = 0.1
# The same digits on every machine; what is beyond them differs by how processors add.
_DECIMALS = 4


@dataclass(frozen=True)
class Risk:
    """What may happen, and what tells of it.

    name: also the start of the columns that say what came of it: `<name>_state` is yes, no, open (not known yet),
    left_out or not_asked, and `<name>_known_at` when a yes or no was known. subject: the column of what is at risk.
    group: the column by whose levels the naive rate goes. levels, counts, numbers: the features; counts are taken by
    their logarithm. settle_days: moments nearer to the end are not used, for only what ends soon is known of them.
    block_days, block_count: how long a block of the evaluation is, and how many there are, back from as-of.
    """

    name: str
    subject: str
    group: str
    levels: tuple[str, ...]
    counts: tuple[str, ...]
    numbers: tuple[str, ...]
    settle_days: int
    block_days: int
    block_count: int

    @property
    def features(self) -> list[str]:
        """The names of the features, by which reasons go."""
        return [*self.levels, *self.counts, *self.numbers]


_TICKET_LEVELS = ("priority", "channel", "product_family", "stage", "weekday")
_TICKET_COUNTS = ("age_hours", "site_open_count", "visit_count", "customer_request_count", "unit_request_count")
_TICKET_NUMBERS = (
    "promise_used_share",
    "is_answered",
    "is_reopened",
    "is_visit_planned",
    "is_part_awaited",
    "site_breach_share",
    "technician_return_share",
)
TICKET_RISKS = tuple(
    Risk(name, "ticket_id", "priority", _TICKET_LEVELS, _TICKET_COUNTS, _TICKET_NUMBERS, settle_days, 60, 6)
    for name, settle_days in (("breach", 14), ("comeback", 30))
)
CUSTOMER_RISKS = (
    Risk(
        "leave",
        "customer_id",
        "last_bought_within",
        ("last_bought_within",),
        (
            "days_since_purchase",
            "purchase_count",
            "purchase_amount",
            "request_count",
            "open_count",
            "longest_days",
            "breach_count",
            "complaint_count",
        ),
        ("has_contract",),
        0,
        30,
        12,
    ),
)


SCHEMA = pa.schema(
    [
        ("risk", pa.string()),
        ("subject_id", pa.string()),
        ("moment_at", pa.timestamp("us")),
        ("block_number", pa.int64()),
        ("is_now", pa.bool_()),
        ("outcome", pa.bool_()),
        ("probability", pa.float64()),
        ("base_rate", pa.float64()),
        ("group_rate", pa.float64()),
        *(
            (f"reason_{place}{part}", kind)
            for place in range(1, REASON_COUNT + 1)
            for part, kind in (("", pa.string()), ("_value", pa.string()), ("_effect", pa.float64()))
        ),
    ]
)
"""What is told of each subject and moment."""


@dataclass(frozen=True)
class _Fitted:
    risk: Risk
    pipeline: Pipeline
    means: np.ndarray
    """Of the features as the regression takes them, over the rows that it learned from."""
    base_rate: float
    group_rates: pd.Series

    def predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The probability of each row, and the two that know less."""
        return pd.DataFrame(
            {
                "probability": self.pipeline.predict_proba(rows[self.risk.features])[:, 1],
                "base_rate": self.base_rate,
                "group_rate": rows[self.risk.group].map(self.group_rates).fillna(self.base_rate).astype(float),
            },
            index=rows.index,
        )

    def effects(self, rows: pd.DataFrame) -> pd.DataFrame:
        """What each feature adds to the log odds of each row, beyond what it adds to those of the mean row."""
        prepare, regression = self.pipeline[:-1], self.pipeline[-1]
        each = (prepare.transform(rows[self.risk.features]) - self.means) * regression.coef_[0]
        names = [_feature_of(name, self.risk) for name in prepare.get_feature_names_out()]
        return pd.DataFrame(each, index=rows.index, columns=names).T.groupby(level=0).sum().T


def score_all(tickets: pd.DataFrame, customers: pd.DataFrame) -> pa.Table:
    """Judge every risk: what `score` returns for each, as one table of fixed types."""
    parts = [score(tickets, risk) for risk in TICKET_RISKS] + [score(customers, risk) for risk in CUSTOMER_RISKS]
    columns = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else parts[0]
    return pa.Table.from_pandas(columns.reindex(columns=SCHEMA.names), SCHEMA, preserve_index=False)


def score(rows: pd.DataFrame, risk: Risk) -> pd.DataFrame:
    """Judge moments of the past whose outcome is known, and what is open now.

    rows: one per subject and moment, with `moment_at`, `days_before` (0: now), the risk's features and its outcome.
    Returned are those that could be judged: a block before which too little was known is not. `outcome` is empty, and
    reasons are told, for those of now.
    """
    asked = rows[rows[f"{risk.name}_state"] != "not_asked"].sort_values(["moment_at", risk.subject])
    known = asked[asked[f"{risk.name}_state"].isin(("yes", "no"))]
    now = asked[(asked["days_before"] == 0) & (asked[f"{risk.name}_state"] == "open")]
    # One thread: several would add in an order of their own.
    with threadpool_limits(limits=1):
        parts = [*_judge_blocks(risk, known), *_judge_now(risk, known, now)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=SCHEMA.names)


def _judge_blocks(risk: Risk, known: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for block in range(1, risk.block_count + 1):
        first_day, last_day = risk.block_days * block, risk.block_days * (block - 1)
        judged = known[known["days_before"].between(max(last_day + 1, risk.settle_days), first_day)]
        fitted = _learn(risk, known, first_day)
        if fitted is not None and len(judged):
            yield _result(risk, judged, fitted, block)


def _judge_now(risk: Risk, known: pd.DataFrame, now: pd.DataFrame) -> Iterator[pd.DataFrame]:
    fitted = _learn(risk, known, 0)
    if fitted is not None and len(now):
        yield _result(risk, now, fitted, 0).join(_reasons(now, fitted.effects(now)))


def _learn(risk: Risk, known: pd.DataFrame, days_before: int) -> _Fitted | None:
    """Fit to what was known so many days before as-of; None where that is too little."""
    if known.empty:
        return None
    as_of = known["moment_at"].iloc[0] + pd.Timedelta(days=int(known["days_before"].iloc[0]))
    then = as_of - pd.Timedelta(days=days_before)
    learned = known[(known[f"{risk.name}_known_at"] <= then) & (known["days_before"] >= days_before + risk.settle_days)]
    happened = learned[f"{risk.name}_state"] == "yes"
    if min(happened.sum(), (~happened).sum()) < MIN_EVENTS:
        return None
    pipeline = _pipeline(risk).fit(learned[risk.features], happened)
    return _Fitted(
        risk,
        pipeline,
        np.asarray(pipeline[:-1].transform(learned[risk.features])).mean(axis=0),
        float(happened.mean()),
        happened.groupby(learned[risk.group]).mean(),
    )


def _pipeline(risk: Risk) -> Pipeline:
    levels = OneHotEncoder(
        min_frequency=_MIN_LEVEL_ROWS, handle_unknown="infrequent_if_exist", sparse_output=False, dtype=np.float64
    )
    # What is not known is taken to be as usual.
    usual = {"strategy": "mean", "keep_empty_features": True}
    counts = make_pipeline(
        SimpleImputer(**usual), FunctionTransformer(np.log1p, feature_names_out="one-to-one"), StandardScaler()
    )
    numbers = make_pipeline(SimpleImputer(**usual), StandardScaler())
    prepare = ColumnTransformer(
        [
            ("levels", levels, list(risk.levels)),
            ("counts", counts, list(risk.counts)),
            ("numbers", numbers, list(risk.numbers)),
        ]
    )
    # By Newton's method to the last digit: the penalty makes the best coefficients one point, whatever the path.
    return make_pipeline(prepare, LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-8))


def _feature_of(name: str, risk: Risk) -> str:
    """`levels__stage_open` → stage, `numbers__age_hours` → age_hours."""
    kind, column = name.split("__", 1)
    if kind != "levels":
        return column
    return next(feature for feature in risk.levels if column.startswith(f"{feature}_"))


def _result(risk: Risk, rows: pd.DataFrame, fitted: _Fitted, block: int) -> pd.DataFrame:
    states = rows[f"{risk.name}_state"]
    return pd.DataFrame(
        {
            "risk": risk.name,
            "subject_id": rows[risk.subject],
            "moment_at": rows["moment_at"],
            "block_number": block,
            "is_now": block == 0,
            "outcome": (states == "yes").where(states != "open").astype("boolean"),
        }
    ).join(fitted.predict(rows).round(_DECIMALS))


def _reasons(rows: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """The largest effects of each row, ties by name: the feature, its value there, and what it adds to the log odds."""
    values = effects.round(_DECIMALS)
    # As texts: a reason's value is a level, a number or a yes or no.
    told = rows[list(values.columns)].astype(str).to_numpy(dtype=object)
    names = np.array(values.columns, dtype=object)
    order = np.argsort(-values.abs().to_numpy(), axis=1, kind="stable")[:, :REASON_COUNT]
    reasons = {}
    for place in range(REASON_COUNT):
        at = order[:, [place]]
        effect = np.take_along_axis(values.to_numpy(), at, axis=1)[:, 0]
        is_reason = np.abs(effect) >= _MIN_EFFECT
        named = {"": names[at[:, 0]], "_value": np.take_along_axis(told, at, axis=1)[:, 0]}
        for suffix, texts in named.items():
            texts[~is_reason] = None
            reasons[f"reason_{place + 1}{suffix}"] = texts
        reasons[f"reason_{place + 1}_effect"] = np.where(is_reason, effect, np.nan)
    return pd.DataFrame(reasons, index=rows.index)
