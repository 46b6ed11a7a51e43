#pragma once
#include <fcntl.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

// open_tree(2), move_mount(2), mount_setattr(2), fsopen(2), fsconfig(2), fsmount(2), pivot_root(2): by number, since musl and older glibc lack them.
static inline int clinux_open_tree(int dirfd, const char *path, unsigned flags) { return (int)syscall(SYS_open_tree, dirfd, path, flags); }
static inline int clinux_move_mount(int from, const char *a, int to, const char *b, unsigned flags) {
  return (int)syscall(SYS_move_mount, from, a, to, b, flags);
}
static inline int clinux_mount_setattr(int dirfd, const char *path, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation, uint64_t userns) {
  uint64_t attributes[4] = {set, clear, propagation, userns};
  return (int)syscall(SYS_mount_setattr, dirfd, path, flags, attributes, sizeof attributes);
}
static inline int clinux_fsopen(const char *type, unsigned flags) { return (int)syscall(SYS_fsopen, type, flags); }
static inline int clinux_fsconfig(int fd, unsigned command, const char *key, const void *value, int aux) {
  return (int)syscall(SYS_fsconfig, fd, command, key, value, aux);
}
static inline int clinux_fsmount(int fd, unsigned flags, unsigned attributes) { return (int)syscall(SYS_fsmount, fd, flags, attributes); }
static inline int clinux_pivot_root(const char *new_root, const char *put_old) { return (int)syscall(SYS_pivot_root, new_root, put_old); }
// fstatfs(2): the file system's magic number (f_type) and its mount flags (f_flags).
static inline int clinux_fstatfs(int fd, uint64_t *type, uint64_t *flags) {
  struct statfs status;
  int result = fstatfs(fd, &status);
  *type = (uint64_t)status.f_type, *flags = (uint64_t)status.f_flags;
  return result;
}
