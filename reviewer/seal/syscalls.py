"""System call numbers by architecture, from the kernel's `unistd.h`; a test compares them with the headers."""

from typing import NamedTuple


class Machine(NamedTuple):
    """How the kernel names an architecture to a filter, and which column of `NUMBERS` is its own."""

    audit: int
    column: int


MACHINES = {
    "x86_64": Machine(0xC000003E, 0),
    "aarch64": Machine(0xC00000B7, 1),
    "loongarch64": Machine(0xC0000102, 1),
}
"""By `os.uname().machine`; only x86-64 was run, the others use the kernel's generic table."""

NUMBERS = {
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "accept4": (288, 242),
    "bind": (49, 200),
    "listen": (50, 201),
    "socketpair": (53, 199),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "recvmsg": (47, 212),
    "recvmmsg": (299, 243),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "ioctl": (16, 29),
    "execve": (59, 221),
    "execveat": (322, 281),
    "seccomp": (317, 277),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}
"""Name -> (x86-64, generic); from 424 on a call has one number on both."""

SOCKETS = ("socket", "connect", "accept", "accept4", "bind", "listen")
HANDED_IN = ("sendmsg", "sendmmsg", "recvmsg", "recvmmsg")
"""How an open socket comes from another process over one that is connected already."""
AROUND = ("io_uring_setup", "io_uring_enter", "io_uring_register")
"""What reaches sockets without a socket call."""
OTHERS = ("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp")
"""What reaches into other processes."""
DOORS = (
    "bpf", "perf_event_open", "userfaultfd", "unshare", "setns", "mount", "umount2", "pivot_root", "chroot",
    "open_tree", "open_tree_attr", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff",
    "acct", "quotactl", "quotactl_fd", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime",
    "add_key", "request_key", "keyctl",
)  # fmt: skip
"""Parts of the kernel that nothing here needs."""
PROGRAMS = ("execve", "execveat")
"""Refused where no other program is ever started."""

DENIED = (*SOCKETS, *HANDED_IN, *AROUND, *OTHERS, *DOORS)


def number(name: str, machine: Machine) -> int:
    """The number of a system call on a machine."""
    return NUMBERS[name][machine.column]
