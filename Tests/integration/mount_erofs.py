"""Mounts an index of layerctl over its layer, without a loop device: mount_erofs.py INDEX LAYER DIRECTORY. mount(8) of Debian 12 would make one."""
import ctypes, os, sys

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *[ctypes.c_char_p(a.encode()) if isinstance(a, str) else a for a in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(number))
    return result


FSOPEN, FSCONFIG, FSMOUNT, MOVE_MOUNT = 430, 431, 432, 429
context = call(FSOPEN, "erofs", 1)
call(FSCONFIG, context, 1, "source", sys.argv[1], 0)
call(FSCONFIG, context, 1, "device", sys.argv[2], 0)
call(FSCONFIG, context, 0, "ro", None, 0)
call(FSCONFIG, context, 6, None, None, 0)
call(MOVE_MOUNT, call(FSMOUNT, context, 1, 0), "", -100, sys.argv[3], 4)
