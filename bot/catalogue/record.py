"""What every record of the data files is: nothing is taken that is not declared, and nothing changes once it was read."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Be a record; its validator is built when the first one is read, so that a start does not wait for what it does not read."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
