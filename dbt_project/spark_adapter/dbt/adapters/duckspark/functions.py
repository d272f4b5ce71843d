"""Functions that the project's macros call on Spark and that Spark does not have."""

from __future__ import annotations

import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import udf
from pyspark.sql.types import ArrayType, DoubleType, StringType, StructField, StructType

from orchestration.comment_scores import comment_score
from orchestration.extract.pseudonyms import pseudonym_of, read_salt
from orchestration.spark.components import labels

_LABELS = ArrayType(StructType([StructField("node", StringType()), StructField("label", StringType())]))


def register_functions(session: SparkSession) -> None:
    """Register them with the session; SaltError where values are to be hashed and there is no salt."""
    session.udf.register("connected_components", udf(labels, _LABELS, useArrow=False))
    session.udf.register("comment_score", udf(comment_score, DoubleType(), useArrow=False))
    if "=hashed" in os.environ.get("AFTERSALES_PRIVACY", ""):
        salt = read_salt(os.environ)

        # The key travels with the function, in no SQL and no plan.
        def pseudonym(text: str | None) -> str | None:
            return None if text is None else pseudonym_of(salt, text)

        session.udf.register("pseudonym", udf(pseudonym, StringType(), useArrow=False))
