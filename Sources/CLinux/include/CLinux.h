// What Swift cannot call: variadic functions, function-like macros, system calls that glibc 2.36 does not wrap, and C
// globals. One function each, one line each, named clinux_ and the call's own name; no logic.
#ifndef CLINUX_H
#define CLINUX_H

// Declared by glibc under _GNU_SOURCE only, which is not defined here: it would give struct fd_set other member names than
// Swift's own Glibc module has, and the two modules could not be imported together.
extern char **environ;
extern int memfd_create(const char *name, unsigned flags);
extern int pipe2(int ends[2], int flags);
extern int setns(int fd, int kind);
extern int setresgid(unsigned real, unsigned effective, unsigned saved);
extern int setresuid(unsigned real, unsigned effective, unsigned saved);
extern int syncfs(int fd);
extern int unshare(int flags);

#include "clinux_bpf.h"
#include "clinux_cgroup.h"
#include "clinux_epoll.h"
#include "clinux_file.h"
#include "clinux_interface.h"
#include "clinux_mount.h"
#include "clinux_namespace.h"
#include "clinux_netlink.h"
#include "clinux_process.h"
#include "clinux_seccomp.h"
#include "clinux_sendfile.h"
#include "clinux_socket.h"
#include "clinux_sync.h"
#include "clinux_terminal.h"
#include "clinux_xattr.h"

#endif
