#pragma once
// What starts a process so that it inherits nothing by accident: GNU extensions of the C library, which
// Swift cannot see.

#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>

/// A pipe, reading end first, closed on exec from birth. 0 or -1 with errno.
int spawn_pipe(int ends[2]);

/// The child closes all descriptors from `first` on. 0 or an error code.
int spawn_close_from(posix_spawn_file_actions_t *actions, int first);

/// The child begins in that directory. 0 or an error code.
int spawn_change_directory(posix_spawn_file_actions_t *actions, const char *path);

/// Limits `resource` (RLIMIT_...) of another process, for good. 0 or -1 with errno.
int spawn_limit(pid_t process, int resource, uint64_t value);
