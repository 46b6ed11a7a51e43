#pragma once
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

// openat2(2): path resolution confined to a directory. flags, mode and resolve are the members of struct open_how.
static inline int clinux_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
  struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
  return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof how);
}

static inline int clinux_fcntl(int fd, int command, long argument) { return fcntl(fd, command, argument); }
static inline int clinux_ioctl(int fd, unsigned long request, void *argument) { return ioctl(fd, request, argument); }
static inline uint64_t clinux_makedev(uint32_t major, uint32_t minor) { return makedev(major, minor); }
static inline uint32_t clinux_major(uint64_t device) { return major(device); }
static inline uint32_t clinux_minor(uint64_t device) { return minor(device); }
static inline int clinux_renameat2(int from, const char *a, int to, const char *b, unsigned flags) {
  return (int)syscall(SYS_renameat2, from, a, to, b, flags);
}
static inline int clinux_close_range(unsigned first, unsigned last, unsigned flags) {
  return (int)syscall(SYS_close_range, first, last, flags);
}
static inline int clinux_pipe2(int *ends, int flags) { return pipe2(ends, flags); }
