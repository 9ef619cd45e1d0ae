"""The service's process, started by `reviewer service start`: reads what to keep, says when it is ready."""

import json
import sys
from pathlib import Path

from reviewer.engine import Engine
from reviewer.errors import EngineError
from reviewer.service.door import Door
from reviewer.service.keeper import Keeper


def main() -> None:
    """One line in, one line out: `null` when the engine is warm, else why not."""
    told = json.loads(sys.stdin.readline())
    try:
        door = Door(Path(told["folder"]))
    except (EngineError, OSError) as exc:
        print(json.dumps(str(exc)), flush=True)  # noqa: T201 (read by the command that started us)
        return
    engine = Engine({"config": told["config"]})
    keeper = Keeper(door, engine, told["identity"], told["stages"])
    try:
        keeper.warm()
        print("null", flush=True)  # noqa: T201
        keeper.run()
    except EngineError as exc:
        print(json.dumps(str(exc)), flush=True)  # noqa: T201
    finally:
        engine.close()
        door.close()


if __name__ == "__main__":
    main()
