"""What a seal is, as a value: which process, what the kernel answered to each attempt, what the kernel says itself."""

from enum import StrEnum

from pydantic import Field

from reviewer.draft import Value


class Part(StrEnum):
    """The processes of the program that see drafts or the index."""

    FRONT = "front"
    """The screen and the commands; it may start the others."""
    ENGINE = "engine"
    """Models and index."""
    READERS = "readers"
    """Parsers of untrusted files."""

    CLIPBOARD = "clipboard"
    """Reads the clipboard, which takes a local socket to the display server."""

    @property
    def local_sockets(self) -> bool:
        """Whether the process may use sockets of this machine; never one that leaves it."""
        return self is Part.CLIPBOARD

    @property
    def starts_programs(self) -> bool:
        """Whether the process may start another one."""
        return self is Part.FRONT


class Seal(Value):
    """The seal of one process. Where the system cannot enforce one, `enforced` is false and nothing was tried."""

    part: Part
    pid: int
    enforced: bool
    system: str
    """`sys.platform` of the process."""
    probes: dict[str, bool] = Field(default_factory=dict)
    """Each way out by name, and whether the kernel refused it."""
    kernel: dict[str, str] = Field(default_factory=dict)
    """`NoNewPrivs`, `Seccomp`, `Seccomp_filters` as `/proc/PID/status` has them: read by the process itself, and for
    `doctor` by the one that started it."""
    landlock: int = 0
    """ABI of Landlock in force, 0 for none."""
    locked: bool = False
    """Whether none of its memory is swapped out."""
    elapsed_ms: float = 0.0
    """What sealing and trying took."""

    @property
    def refused(self) -> int:
        """How many ways out were refused."""
        return sum(self.probes.values())
