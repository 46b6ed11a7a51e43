// What Swift cannot call: variadic functions, function-like macros, system calls that glibc 2.36 does not wrap, and C
// globals. One function each, one line each, named clinux_ and the call's own name; no logic.
#ifndef CLINUX_H
#define CLINUX_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "clinux_bpf.h"
#include "clinux_cgroup.h"
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
