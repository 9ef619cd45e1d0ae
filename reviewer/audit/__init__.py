"""The audit record: what was decided, overridden and changed, without a word of any draft; see `docs/audit.md`."""

from reviewer.audit.checkpoint import Checkpoint
from reviewer.audit.keys import from_paper
from reviewer.audit.line import Clock, Event, Moment, Record
from reviewer.audit.log import Log
from reviewer.audit.verify import Fault, Report, State, records, verify

__all__ = [
    "Checkpoint",
    "Clock",
    "Event",
    "Fault",
    "Log",
    "Moment",
    "Record",
    "Report",
    "State",
    "from_paper",
    "records",
    "verify",
]
