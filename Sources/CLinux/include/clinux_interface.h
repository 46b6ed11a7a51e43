#pragma once
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// SIOCGIFFLAGS and SIOCSIFFLAGS (netdevice(7)) with the kernel's struct ifreq: adds flags to an interface's.
static inline int clinux_add_interface_flags(int socket, const char *name, short flags) {
  struct { char name[16]; short flags; char rest[22]; } request = {{0}, 0, {0}};
  strncpy(request.name, name, sizeof request.name - 1);
  if (ioctl(socket, 0x8913, &request) < 0) return -1;
  request.flags |= flags;
  return ioctl(socket, 0x8914, &request);
}
static inline int clinux_datagram_socket(void) { return (int)syscall(SYS_socket, 2, 2 | 02000000, 0); }
