#pragma once
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

// unix(7) sockets by path; the path must be shorter than sun_path (108 bytes), the caller checks.
static inline int clinux_bind_unix(int fd, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  return bind(fd, (struct sockaddr *)&address, sizeof address);
}
static inline int clinux_connect_unix(int fd, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  return connect(fd, (struct sockaddr *)&address, sizeof address);
}
static inline int clinux_accept(int fd) { return accept4(fd, NULL, NULL, SOCK_CLOEXEC); }
// sendmsg(2) with descriptors as SCM_RIGHTS; count 0...16.
static inline ssize_t clinux_send(int fd, const void *bytes, size_t length, const int *descriptors, int count) {
  union { char buffer[CMSG_SPACE(16 * sizeof(int))]; struct cmsghdr align; } control = {{0}};
  struct iovec vector = {(void *)bytes, length};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
  if (count > 0) {
    message.msg_control = control.buffer, message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET, header->cmsg_type = SCM_RIGHTS, header->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, (size_t)count * sizeof(int));
  }
  return sendmsg(fd, &message, MSG_NOSIGNAL);
}
// recvmsg(2); *count is the room in descriptors (at most 16) and, after, how many came; they are close-on-exec.
static inline ssize_t clinux_receive(int fd, void *bytes, size_t length, int *descriptors, int *count) {
  union { char buffer[CMSG_SPACE(16 * sizeof(int))]; struct cmsghdr align; } control;
  struct iovec vector = {bytes, length};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.buffer, .msg_controllen = CMSG_SPACE((size_t)*count * sizeof(int))};
  ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
  *count = 0;
  for (struct cmsghdr *h = got < 0 ? NULL : CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h))
    if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS)
      for (size_t i = 0; i < (h->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) memcpy(descriptors + (*count)++, CMSG_DATA(h) + i * sizeof(int), sizeof(int));
  return got;
}
