#pragma once
#include <sys/syscall.h>
#include <unistd.h>

static inline ssize_t clinux_sendfile(int out, int in, size_t count) { return (ssize_t)syscall(SYS_sendfile, out, in, (void *)0, count); }
static inline int clinux_memfd_create(const char *name, unsigned flags) { return (int)syscall(SYS_memfd_create, name, flags); }
