"""What operating systems do differently, each in one module with the same functions; the only place that asks which.

Folders are held open and files reached through them where the system can do that: no link is followed on the way.
"""

import sys

if sys.platform == "win32":
    from reviewer.system.windows import (
        Inside,
        c_library,
        close_folder,
        cores,
        file_system,
        folder_at,
        open_at,
        open_folder,
        private,
        readable,
        replace_at,
        settle,
        size_at,
        trusted,
        try_lock,
        unlink_at,
        write_some,
    )
else:
    from reviewer.system.posix import (
        Inside,
        c_library,
        close_folder,
        cores,
        file_system,
        folder_at,
        open_at,
        open_folder,
        private,
        readable,
        replace_at,
        settle,
        size_at,
        trusted,
        try_lock,
        unlink_at,
        write_some,
    )

__all__ = [
    "Inside",
    "c_library",
    "close_folder",
    "cores",
    "file_system",
    "folder_at",
    "open_at",
    "open_folder",
    "private",
    "readable",
    "replace_at",
    "settle",
    "size_at",
    "trusted",
    "try_lock",
    "unlink_at",
    "write_some",
]
