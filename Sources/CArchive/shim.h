// As in CLinux: one program, one definition of each struct of the C library.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <archive.h>
#include <archive_entry.h>
