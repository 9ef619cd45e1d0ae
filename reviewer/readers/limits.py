"""What the child that parses untrusted files may use; set before the first byte of a file is read."""

import sys

MEMORY = 1 * 2**30
"""Bytes of address space for parsing."""

MEMORY_OCR = 4 * 2**30
"""Bytes of address space once a picture is to be read: the recogniser alone maps 1.8 GB."""

CPU_S = 20
CPU_OCR_S = 240

if sys.platform == "win32":

    def start() -> None:
        """Windows has no such limits; the parent's clock is the only one."""

    def allow_ocr() -> None:
        """Nothing was limited."""

else:
    import resource

    def start() -> None:
        """Limit memory and processor time; no files may be written, no core is dumped."""
        _set(resource.RLIMIT_CORE, 0, 0)
        _set(resource.RLIMIT_FSIZE, 0, 0)
        _set(resource.RLIMIT_AS, MEMORY, MEMORY_OCR)
        _set(resource.RLIMIT_CPU, CPU_S, CPU_OCR_S)

    def allow_ocr() -> None:
        """Let the recogniser have the larger shares, which stay the last word."""
        _set(resource.RLIMIT_AS, MEMORY_OCR, MEMORY_OCR)
        _set(resource.RLIMIT_CPU, CPU_OCR_S, CPU_OCR_S)

    def _set(what: int, soft: int, hard: int) -> None:
        """Lower a limit, never raising the hard one that was inherited."""
        inherited = resource.getrlimit(what)[1]
        if inherited != resource.RLIM_INFINITY:
            soft, hard = min(soft, inherited), min(hard, inherited)
        resource.setrlimit(what, (soft, hard))
