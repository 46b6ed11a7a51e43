#pragma once
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// seccomp(2), SECCOMP_SET_MODE_FILTER; instructions are count struct sock_filter of 8 bytes each.
static inline int clinux_seccomp_set_filter(uint32_t flags, const void *instructions, uint16_t count) {
  struct sock_fprog program = {.len = count, .filter = (struct sock_filter *)instructions};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}
// seccomp(2), SECCOMP_GET_ACTION_AVAIL.
static inline int clinux_seccomp_action_available(uint32_t action) {
  return (int)syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action);
}
static inline int clinux_seccomp_probe_flags(uint32_t flags) {
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, (void *)0);
}
