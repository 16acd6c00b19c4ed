#pragma once
// libarchive as Swift sees it, and what confines a parser process: variadic calls and GNU extensions of the C
// library, which Swift cannot see.

#include <archive.h>
#include <archive_entry.h>
#include <stdint.h>
#include <sys/types.h>

/// What holds for this process, and for every process it starts, after `documents_confine`.
enum {
  DOCUMENTS_NO_NEW_PRIVILEGES = 1 << 0,
  DOCUMENTS_DIES_WITH_PARENT = 1 << 1,
  DOCUMENTS_FILES_READ_ONLY = 1 << 2,
  DOCUMENTS_NO_NETWORK = 1 << 3,
};

/// Gives up, for good: new privileges, writing to any file, reading files other than programs, libraries
/// and the one open as `input`, and sockets. Returns the DOCUMENTS_ flags that hold: an older kernel or a
/// system-call filter above us may refuse some.
uint32_t documents_confine(int input);

/// `write`, to a pipe whose reader may have gone: that is EPIPE, never a signal.
ssize_t documents_write(int pipe, const void *bytes, size_t count);

/// Limits `resource` (RLIMIT_...), for good. Processor time ends with SIGXCPU, a second later with SIGKILL.
/// 0 or -1 with errno.
int documents_limit(int resource, uint64_t value);
