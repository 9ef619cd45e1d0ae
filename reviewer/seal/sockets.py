"""Sockets that were open before: one that is connected sends without any call a filter could refuse."""

import os
import socket
import stat

from reviewer.errors import SealError

OUTPUTS = (1, 2)
"""Standard output and standard error."""


def refuse_inherited() -> None:
    """Raise `SealError` when any descriptor of this process is a socket.

    One end of an unnamed stream pair as standard output or error is the pipe it stands for (some programs start others
    with it): what is printed goes there in any case.
    """
    for fd in _open():
        if _is_socket(fd) and not (fd in OUTPUTS and _unnamed_pair(fd)):
            name = {0: "标准输入 / standard input", 1: "标准输出 / standard output", 2: "标准错误 / standard error"}
            raise SealError(
                f"启动时带着一个套接字，拒绝运行：{name.get(fd, f'fd {fd}')} "
                f"is a socket, and a socket that is already open can send",
                "用管道或者文件代替 / use a pipe or a file instead",
            )


def _open() -> list[int]:
    return sorted(int(name) for name in os.listdir("/proc/self/fd"))


def _is_socket(fd: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False


def _unnamed_pair(fd: int) -> bool:
    """Whether a socket is a connected end of `socketpair(AF_UNIX, SOCK_STREAM)`."""
    with socket.socket(fileno=os.dup(fd)) as end:
        try:
            kind = end.family, end.type, end.getsockname(), end.getpeername()
        except OSError:
            return False
    return kind == (socket.AF_UNIX, socket.SOCK_STREAM, "", "")
