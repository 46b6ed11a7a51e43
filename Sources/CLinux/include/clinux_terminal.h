#pragma once
#include <asm/ioctls.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <termios.h>

static inline int clinux_unlock_terminal(int fd) { int zero = 0; return ioctl(fd, TIOCSPTLCK, &zero); }
static inline int clinux_terminal_number(int fd, unsigned *number) { return ioctl(fd, TIOCGPTN, number); }
static inline int clinux_terminal_peer(int fd, int flags) { return ioctl(fd, TIOCGPTPEER, flags); }
static inline int clinux_set_controlling_terminal(int fd) { return ioctl(fd, TIOCSCTTY, 0); }
static inline int clinux_get_window_size(int fd, uint16_t *rows, uint16_t *columns) {
  struct winsize size = {0, 0, 0, 0};
  int result = ioctl(fd, TIOCGWINSZ, &size);
  *rows = size.ws_row, *columns = size.ws_col;
  return result;
}
static inline int clinux_set_window_size(int fd, uint16_t rows, uint16_t columns) {
  struct winsize size = {rows, columns, 0, 0};
  return ioctl(fd, TIOCSWINSZ, &size);
}
