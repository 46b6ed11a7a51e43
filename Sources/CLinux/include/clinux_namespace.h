#pragma once
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

// clone3(2) as fork(2) with flags: the child goes on with a copy of the address space. cgroup is a descriptor for CLONE_INTO_CGROUP, or 0.
static inline pid_t clinux_clone3(uint64_t flags, int exit_signal, int *pidfd, int cgroup) {
  struct clone_args arguments = {.flags = flags, .pidfd = (uint64_t)(uintptr_t)pidfd, .exit_signal = (uint64_t)exit_signal, .cgroup = (uint64_t)cgroup};
  return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}
static inline int clinux_unshare(int flags) { return unshare(flags); }
static inline int clinux_setns(int fd, int flags) { return setns(fd, flags); }
// capset(2) of the calling thread; each set as one 64-bit mask.
static inline int clinux_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{(uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable},
                                           {(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(inheritable >> 32)}};
  return (int)syscall(SYS_capset, &header, data);
}
static inline int clinux_capget(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0}, {0}};
  int result = (int)syscall(SYS_capget, &header, data);
  *effective = data[0].effective | (uint64_t)data[1].effective << 32;
  *permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
  *inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
  return result;
}
static inline int clinux_setresuid(uid_t id) { return setresuid(id, id, id); }
static inline int clinux_setresgid(gid_t id) { return setresgid(id, id, id); }
static inline int clinux_setgroups(size_t count, const uint32_t *groups) { return setgroups(count, groups); }
// prlimit(2) of process pid (0: the caller), by number: <sys/resource.h> clashes with the Glibc module.
static inline int clinux_setrlimit(pid_t pid, int resource, uint64_t soft, uint64_t hard) {
  uint64_t limit[2] = {soft, hard};
  return (int)syscall(SYS_prlimit64, pid, resource, limit, (void *)0);
}
// keyctl(2), KEYCTL_JOIN_SESSION_KEYRING.
static inline long clinux_join_session_keyring(const char *name) { return syscall(SYS_keyctl, 1, name); }
static inline int clinux_getrlimit(int resource, uint64_t *soft, uint64_t *hard) {
  uint64_t limit[2] = {0, 0};
  int result = (int)syscall(SYS_prlimit64, 0, resource, (void *)0, limit);
  *soft = limit[0], *hard = limit[1];
  return result;
}
static inline int clinux_personality(unsigned long persona) { return personality(persona); }
static inline int clinux_ioprio_set(int which, int who, int priority) { return (int)syscall(SYS_ioprio_set, which, who, priority); }
// sched_setattr(2) of the calling thread. Times are nanoseconds.
static inline int clinux_sched_setattr(uint32_t policy, uint64_t flags, int32_t nice, uint32_t priority, uint64_t runtime, uint64_t deadline, uint64_t period) {
  struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t runtime, deadline, period; uint32_t util[2]; } a =
      {48, policy, flags, nice, priority, runtime, deadline, period, {0, 0}};
  return (int)syscall(SYS_sched_setattr, 0, &a, 0);
}
static inline int clinux_sched_setaffinity(size_t bytes, const void *mask) { return (int)syscall(SYS_sched_setaffinity, 0, bytes, mask); }
static inline int clinux_execveat(int fd, const char *path, char *const *arguments, char *const *environment, int flags) {
  return (int)syscall(SYS_execveat, fd, path, arguments, environment, flags);
}
static inline int clinux_set_mempolicy(int mode, const void *nodes, unsigned long bits) {
  return (int)syscall(SYS_set_mempolicy, mode, bits > 1 ? nodes : (void *)0, bits > 1 ? bits : 0);
}
