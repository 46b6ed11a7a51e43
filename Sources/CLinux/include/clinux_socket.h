#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// unix(7) sockets and SCM_RIGHTS by number and with the kernel's own structures: <sys/socket.h> brings in <sys/select.h>,
// whose fd_set depends on _GNU_SOURCE and so differs between our C modules.
struct clinux_unix_address { uint16_t family; char path[108]; };
struct clinux_control { size_t length; int level, type; int descriptors[16]; };
struct clinux_message { void *name; unsigned name_length; const void *vector; size_t vectors; void *control; size_t control_length; unsigned flags; };

// The path must be shorter than the address has room for; the caller checks.
static inline int clinux_bind_unix(int fd, const char *path) {
  struct clinux_unix_address address = {.family = 1};
  strncpy(address.path, path, sizeof address.path - 1);
  return (int)syscall(SYS_bind, fd, &address, sizeof address);
}
static inline int clinux_connect_unix(int fd, const char *path) {
  struct clinux_unix_address address = {.family = 1};
  strncpy(address.path, path, sizeof address.path - 1);
  // An abstract address (unix(7)) is as long as its name and begins with a zero byte.
  size_t length = path[0] == '@' ? offsetof(struct clinux_unix_address, path) + strlen(address.path) : sizeof address;
  if (path[0] == '@') address.path[0] = 0;
  return (int)syscall(SYS_connect, fd, &address, length);
}
static inline int clinux_accept(int fd) { return (int)syscall(SYS_accept4, fd, NULL, NULL, 02000000); }
// accept4(2), close-on-exec and non-blocking, with the peer's address; *length says how much room there is, and then what came.
static inline int clinux_accept_peer(int fd, void *address, uint32_t *length) {
  return (int)syscall(SYS_accept4, fd, address, length, 02000000 | 04000);
}
// sendmsg(2) with descriptors as SCM_RIGHTS; count 0...16.
static inline ssize_t clinux_send(int fd, const void *bytes, size_t length, const int *descriptors, int count) {
  struct clinux_control control = {.length = 16 + 4 * (size_t)count, .level = 1, .type = 1};
  struct { const void *base; size_t length; } vector = {bytes, length};
  struct clinux_message message = {.vector = &vector, .vectors = 1};
  if (count > 0) {
    memcpy(control.descriptors, descriptors, 4 * (size_t)count);
    message.control = &control, message.control_length = (control.length + 7) & ~(size_t)7;
  }
  return syscall(SYS_sendmsg, fd, &message, 0x4000);
}
// recvmsg(2); descriptors has room for 16 and *count says how many came; they are close-on-exec.
static inline ssize_t clinux_receive(int fd, void *bytes, size_t length, int *descriptors, int *count) {
  struct clinux_control control = {0};
  struct { void *base; size_t length; } vector = {bytes, length};
  struct clinux_message message = {.vector = &vector, .vectors = 1, .control = &control, .control_length = sizeof control};
  ssize_t got = syscall(SYS_recvmsg, fd, &message, 0x40000000);
  *count = got >= 0 && message.control_length > 16 && control.level == 1 && control.type == 1 ? (int)((control.length - 16) / 4) : 0;
  memcpy(descriptors, control.descriptors, 4 * (size_t)*count);
  return got;
}
