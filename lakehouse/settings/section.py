"""What every part of a declaration or of the settings is made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part that is frozen, and refuses keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
