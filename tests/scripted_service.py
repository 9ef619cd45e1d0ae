"""The real service's process over the engine whose module is named."""

import sys

from reviewer.engine import Engine
from reviewer.service.__main__ import main

if __name__ == "__main__":
    Engine.worker = sys.argv[1]
    main()
