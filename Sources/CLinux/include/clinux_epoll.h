#pragma once
#include <stdint.h>
#include <sys/epoll.h>

static inline int clinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int clinux_epoll_control(int epoll, int operation, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data = {.u64 = token}};
  return epoll_ctl(epoll, operation, fd, &event);
}
// One event at a time: 1 with its token and events, 0 at the end of the time, -1.
static inline int clinux_epoll_wait(int epoll, uint64_t *token, uint32_t *events, int milliseconds) {
  struct epoll_event event;
  int count = epoll_wait(epoll, &event, 1, milliseconds);
  if (count == 1) *token = event.data.u64, *events = event.events;
  return count;
}
