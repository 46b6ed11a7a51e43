#pragma once
#include <unistd.h>

static inline int clinux_syncfs(int fd) { return syncfs(fd); }
