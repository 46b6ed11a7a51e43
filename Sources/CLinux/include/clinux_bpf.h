#pragma once
#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// bpf(2), BPF_PROG_LOAD. log may be null when log_size is 0.
static inline int clinux_bpf_prog_load(uint32_t type, const void *instructions, uint32_t count, const char *license,
                                       char *log, uint32_t log_size) {
  union bpf_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.prog_type = type;
  attr.insns = (uint64_t)(uintptr_t)instructions;
  attr.insn_cnt = count;
  attr.license = (uint64_t)(uintptr_t)license;
  attr.log_buf = (uint64_t)(uintptr_t)log;
  attr.log_size = log_size;
  attr.log_level = log_size ? 1 : 0;
  return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);
}

// bpf(2), BPF_PROG_ATTACH; replace is the program that BPF_F_REPLACE in flags takes the place of.
static inline int clinux_bpf_prog_attach(int target, int program, uint32_t type, uint32_t flags, int replace) {
  union bpf_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.target_fd = target;
  attr.attach_bpf_fd = program;
  attr.attach_type = type;
  attr.attach_flags = flags;
  attr.replace_bpf_fd = replace;
  return (int)syscall(SYS_bpf, BPF_PROG_ATTACH, &attr, sizeof attr);
}

static inline int clinux_bpf_prog_detach(int target, int program, uint32_t type) {
  union bpf_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.target_fd = target;
  attr.attach_bpf_fd = program;
  attr.attach_type = type;
  return (int)syscall(SYS_bpf, BPF_PROG_DETACH, &attr, sizeof attr);
}

// bpf(2), BPF_PROG_QUERY of the programs attached to target itself: their ids, *count in and out.
static inline int clinux_bpf_prog_query(int target, uint32_t type, uint32_t *ids, uint32_t *count) {
  union bpf_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.query.target_fd = target;
  attr.query.attach_type = type;
  attr.query.prog_ids = (uint64_t)(uintptr_t)ids;
  attr.query.prog_cnt = *count;
  int result = (int)syscall(SYS_bpf, BPF_PROG_QUERY, &attr, sizeof attr);
  *count = attr.query.prog_cnt;
  return result;
}

static inline int clinux_bpf_prog_by_id(uint32_t id) {
  union bpf_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.prog_id = id;
  return (int)syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &attr, sizeof attr);
}
