#define _GNU_SOURCE
#include "CArchive.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Numbers of the Landlock ABI that a header of Linux 6.1 does not name yet.
#define ACCESS_FS_TRUNCATE (1ULL << 14)   // ABI 3
#define ACCESS_FS_IOCTL_DEV (1ULL << 15)  // ABI 5
#define ACCESS_NET_TCP (3ULL)             // ABI 4: bind and connect
#define SCOPE_ALL (3ULL)                  // ABI 6: abstract sockets and signals

struct ruleset {
  uint64_t files, net, scoped;
};

static int allow(int ruleset, int target, uint64_t access) {
  struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = target};
  return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

static void allow_path(int ruleset, const char *path, uint64_t access) {
  int target = open(path, O_PATH | O_CLOEXEC);
  if (target < 0) return;
  allow(ruleset, target, access);
  close(target);
}

/// Landlock: https://docs.kernel.org/userspace-api/landlock.html
static int confine_files(int input) {
  long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return 0;
  struct ruleset handled = {.files = (1ULL << 13) - 1};
  size_t size = sizeof handled.files;
  if (abi >= 2) handled.files |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= 3) handled.files |= ACCESS_FS_TRUNCATE;
  if (abi >= 5) handled.files |= ACCESS_FS_IOCTL_DEV;
  if (abi >= 4) handled.net = ACCESS_NET_TCP, size = offsetof(struct ruleset, scoped);
  if (abi >= 6) handled.scoped = SCOPE_ALL, size = sizeof handled;

  int ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
  if (ruleset < 0) return 0;
  const uint64_t read = LANDLOCK_ACCESS_FS_READ_FILE;
  const uint64_t programs = read | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE;
  const char *roots[] = {"/usr", "/lib", "/lib64", "/bin"};
  for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) allow_path(ruleset, roots[i], programs);
  allow_path(ruleset, "/etc/ld.so.cache", read);
  allow_path(ruleset, "/dev/null", read | LANDLOCK_ACCESS_FS_WRITE_FILE);
  if (input >= 0) allow(ruleset, input, read);
  int failed = (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
  close(ruleset);
  return failed == 0;
}

/// Calls a parser has no use for. They fail with EPERM, so that a library that tries one goes on.
static const int refused[] = {
    SYS_socket,        SYS_socketpair,        SYS_connect,          SYS_bind,
    SYS_kill,          SYS_tgkill,            SYS_tkill,            SYS_pidfd_send_signal,
    SYS_ptrace,        SYS_process_vm_readv,  SYS_process_vm_writev, SYS_setsid,
    SYS_setpgid,       SYS_unshare,           SYS_setns,            SYS_mount,
    SYS_bpf,           SYS_perf_event_open,   SYS_io_uring_setup,   SYS_userfaultfd,
    SYS_keyctl,        SYS_add_key,           SYS_request_key,
};
enum { REFUSED = sizeof refused / sizeof *refused };

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

static int confine_calls(void) {
#ifdef MACHINE
  struct sock_filter program[REFUSED + 7];
  size_t n = 0;
  program[n++] = (struct sock_filter)BPF_STMT(
      BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
  program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
  program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  program[n++] = (struct sock_filter)BPF_STMT(
      BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (size_t i = 0; i < REFUSED; i++)
    program[n++] = (struct sock_filter)BPF_JUMP(
        BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)refused[i], (uint8_t)(REFUSED - i + 1), 0);
  // Numbers from 2^30 on are the x32 calls, the same ones by other names.
  program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 1, 0);
  program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  struct sock_fprog filter = {.len = (unsigned short)n, .filter = program};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
#else
  return 0;
#endif
}

uint32_t documents_confine(int input) {
  uint32_t holds = 0;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0) holds |= DOCUMENTS_DIES_WITH_PARENT;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return holds;
  holds |= DOCUMENTS_NO_NEW_PRIVILEGES;
  if (confine_files(input)) holds |= DOCUMENTS_FILES_READ_ONLY;
  if (confine_calls()) holds |= DOCUMENTS_NO_NETWORK;
  return holds;
}

/// Without SIGPIPE, which would end the process when the reader has gone: the signal is held back in this
/// thread, and taken when the write has raised it.
ssize_t documents_write(int pipe, const void *bytes, size_t count) {
  sigset_t broken, before, pending;
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken, &before);
  ssize_t written = write(pipe, bytes, count);
  int code = errno;
  if (written < 0 && code == EPIPE) {
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE)) sigtimedwait(&broken, NULL, &(struct timespec){0});
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = code;
  return written;
}

int documents_limit(int resource, uint64_t value) {
  struct rlimit limit = {.rlim_cur = value, .rlim_max = value + (resource == RLIMIT_CPU)};
  return setrlimit(resource, &limit);
}
