"""The real service's process over the scripted engine."""

from reviewer.engine import Engine
from reviewer.service.__main__ import main

if __name__ == "__main__":
    Engine.worker = "tests.scripted_worker"
    main()
