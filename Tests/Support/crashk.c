// Ends the process it is preloaded into, as a power cut would, right before its k-th call that changes storage.
// CRASHK: k, counted over all threads; 0 or unset: never. CRASHK_COUNT: a file for the number of calls, at exit.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;
static long limit;

static int on_storage(int file) {
  struct stat status;
  return fstat(file, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static void count(void) {
  if (atomic_fetch_add(&calls, 1) + 1 == limit) kill(getpid(), SIGKILL);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t size) {
  if (on_storage(file)) count();
  return NEXT(write)(file, bytes, size);
}
ssize_t pwrite(int file, const void *bytes, size_t size, off_t place) {
  count();
  return NEXT(pwrite)(file, bytes, size, place);
}
ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t place) {
  count();
  return NEXT(pwrite64)(file, bytes, size, place);
}
int fsync(int file) {
  count();
  return NEXT(fsync)(file);
}
int fdatasync(int file) {
  count();
  return NEXT(fdatasync)(file);
}
int ftruncate(int file, off_t size) {
  count();
  return NEXT(ftruncate)(file, size);
}
int ftruncate64(int file, off64_t size) {
  count();
  return NEXT(ftruncate64)(file, size);
}
int rename(const char *from, const char *to) {
  count();
  return NEXT(rename)(from, to);
}
int unlink(const char *path) {
  count();
  return NEXT(unlink)(path);
}

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("CRASHK");
  limit = text ? atol(text) : 0;
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("CRASHK_COUNT");
  if (!path) return;
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%ld\n", atomic_load(&calls));
  fclose(file);
}
