"""The service's process, started by `reviewer service start`: reads what to keep, says when it is ready."""

import contextlib
import json
import sys
from pathlib import Path

from reviewer.engine import Engine
from reviewer.errors import EngineError
from reviewer.seal import no_dumps
from reviewer.service.door import Door
from reviewer.service.keeper import Keeper


def main() -> None:
    """One line in, one line out: `null` when the engine is warm, else why not."""
    no_dumps()
    line = sys.stdin.readline()
    if not line:
        return
    told = json.loads(line)
    try:
        door = Door(Path(told["folder"]))
    except (EngineError, OSError) as exc:
        print(json.dumps(str(exc)), flush=True)  # noqa: T201 (read by the command that started us)
        return
    engine = Engine({"config": told["config"]})
    try:
        Keeper(door, engine, told["identity"]).run(lambda: print("null", flush=True))  # noqa: T201
    except EngineError as exc:
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(str(exc)), flush=True)  # noqa: T201
    finally:
        engine.close()
        door.close()


if __name__ == "__main__":
    main()
