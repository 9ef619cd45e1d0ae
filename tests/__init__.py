"""The tests; under `make prove-offline` every process of theirs notes where its local sockets go."""

import os

if "REVIEWER_LOCAL_SOCKETS" in os.environ:
    from pathlib import Path

    from tests.local_sockets import NOTES, listen

    listen(Path(os.environ[NOTES]))
