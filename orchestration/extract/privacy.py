"""What a company publishes of each class of personal data: `privacy` in its profile, with defaults."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from orchestration.extract.source_models import Strict

Treatment = Literal["clear", "masked", "hashed", "dropped"]
# A key must stay equal where it was equal, or nothing could be joined.
KeyTreatment = Literal["clear", "hashed"]


class Privacy(Strict):
    """One treatment for each class that the feed contract marks (`meta.pii`); docs/privacy.md argues the defaults.

    clear: as it is. masked: in part. hashed: a keyed hash. dropped: nothing.
    """

    direct: Treatment = "dropped"
    indirect: Treatment = "masked"
    free_text: Treatment = "dropped"
    staff: Treatment = "dropped"
    customer_key: KeyTreatment = "clear"
    staff_key: KeyTreatment = "clear"

    @model_validator(mode="after")
    def _names_beside_numbers(self) -> Privacy:
        """A hash of the number beside the name would hide nothing."""
        for names, key in (("direct", "customer_key"), ("staff", "staff_key")):
            if getattr(self, names) == "clear" and getattr(self, key) == "hashed":
                raise ValueError(f"{key}: hashed hides nothing while {names} is clear; change one of them")
        return self

    def treatment(self, personal_class: str) -> str:
        """Return what is done with the columns of a class."""
        treatments: dict[str, str] = dict(self)
        return treatments[personal_class]

    def hidden_class(self, personal_class: str | None) -> str | None:
        """Return the class, unless it is published as it is or there is none."""
        return personal_class if personal_class and self.treatment(personal_class) != "clear" else None

    @property
    def hashed_classes(self) -> tuple[str, ...]:
        """The classes for which a salt is needed."""
        return tuple(name for name, treatment in self if treatment == "hashed")

    def as_setting(self) -> str:
        """Write it as dbt's models read it (AFTERSALES_PRIVACY): class=treatment, separated by a space."""
        return " ".join(f"{name}={treatment}" for name, treatment in self)
