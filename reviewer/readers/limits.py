"""What the child that parses untrusted files may use; set before the first byte of a file is read."""

from reviewer.seal.limits import Limit, cap

MEMORY = 1 * 2**30
"""Bytes of address space for parsing."""

MEMORY_OCR = 4 * 2**30
"""Bytes of address space once a picture is to be read: the recogniser alone maps 1.8 GB."""

CPU_S = 20
CPU_OCR_S = 240

FILES = 64


def start() -> None:
    """Limit memory, processor time and open files; no files may be written, no core is dumped."""
    cap(memory=Limit(MEMORY, MEMORY_OCR), cpu_s=Limit(CPU_S, CPU_OCR_S), files=FILES, written=0)


def allow_ocr() -> None:
    """Let the recogniser have the larger shares, which stay the last word."""
    cap(memory=Limit.of(MEMORY_OCR), cpu_s=Limit.of(CPU_OCR_S))
