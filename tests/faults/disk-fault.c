/* A disk that fails on command, for the tests beside this file: preloaded into a server, it lets calls on the files of its
 * database fail while a control file says so.
 *
 * The control file, named by CHATEAU_FAULT_CONTROL, holds one line, or is missing while nothing is to fail:
 *
 *     <id> <call> <file> <how> <errno> <first> <count>
 *
 *   id     another one starts the counting of calls anew
 *   call   write (pwrite and write), sync (fsync and fdatasync) or truncate
 *   file   what follows "chateau.db" in the name of the file: -wal, -shm, or = for nothing
 *   how    fail: nothing is done; after: it is done and fails all the same; short: the first is done by half and succeeds,
 *          those after it fail
 *   errno  a number
 *   first  the first call that fails, from 1
 *   count  how many fail, 0 for all from then on
 *
 * Each call that fails, or is cut short, adds a byte to the file that CHATEAU_FAULT_HITS names. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum verdict { PASS, FAIL, AFTER, SHORT };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last_id[32];
static long calls_seen;

/* By system call: our own file access must not come back to us. */
static int read_file(const char *path, char *text, size_t size) {
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return 0;
  long length = syscall(SYS_read, fd, text, size - 1);
  syscall(SYS_close, fd);
  text[length > 0 ? length : 0] = 0;
  return length > 0;
}

static void note_hit(void) {
  const char *path = getenv("CHATEAU_FAULT_HITS");
  if (path == NULL) return;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  syscall(SYS_write, fd, ".", 1);
  syscall(SYS_close, fd);
}

/* What follows "chateau.db" in the name of the open file; NULL for any other file. */
static const char *suffix_of(int fd, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = readlink(link, path, size - 1);
  if (length <= 0) return NULL;
  path[length] = 0;
  const char *name = strrchr(path, '/');
  if (name == NULL || strncmp(name, "/chateau.db", 11) != 0) return NULL;
  return name[11] == 0 ? "=" : name + 11;
}

static enum verdict judge(int fd, const char *call, int *error) {
  char line[256], path[4096], id[32], wanted_call[16], wanted_file[16], how[16];
  long first, count;
  const char *control = getenv("CHATEAU_FAULT_CONTROL");
  if (control == NULL) return PASS;
  const char *suffix = suffix_of(fd, path, sizeof path);
  if (suffix == NULL || !read_file(control, line, sizeof line)) return PASS;
  if (sscanf(line, "%31s %15s %15s %15s %d %ld %ld", id, wanted_call, wanted_file, how, error, &first, &count) != 7)
    return PASS;
  if (strcmp(call, wanted_call) != 0 || strcmp(suffix, wanted_file) != 0) return PASS;
  pthread_mutex_lock(&lock);
  if (strcmp(id, last_id) != 0) {
    strcpy(last_id, id);
    calls_seen = 0;
  }
  long nth = ++calls_seen;
  pthread_mutex_unlock(&lock);
  if (nth < first || (count > 0 && nth >= first + count)) return PASS;
  note_hit();
  if (strcmp(how, "after") == 0) return AFTER;
  return strcmp(how, "short") == 0 && nth == first ? SHORT : FAIL;
}

static int failed(int error) {
  errno = error;
  return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (real == NULL) real = (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  int error;
  switch (judge(fd, "write", &error)) {
    case PASS: return real(fd, bytes, count, offset);
    case SHORT: return real(fd, bytes, (count + 1) / 2, offset);
    case AFTER: real(fd, bytes, count, offset); /* fall through */
    default: return failed(error);
  }
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

ssize_t write(int fd, const void *bytes, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  if (real == NULL) real = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  int error;
  switch (judge(fd, "write", &error)) {
    case PASS: return real(fd, bytes, count);
    case SHORT: return real(fd, bytes, (count + 1) / 2);
    case AFTER: real(fd, bytes, count); /* fall through */
    default: return failed(error);
  }
}

static int sync_with(const char *name, int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int error;
  enum verdict verdict = judge(fd, "sync", &error);
  if (verdict == PASS) return real(fd);
  if (verdict == AFTER) real(fd);
  return failed(error);
}

int fsync(int fd) { return sync_with("fsync", fd); }

int fdatasync(int fd) { return sync_with("fdatasync", fd); }

int ftruncate64(int fd, off64_t length) {
  static int (*real)(int, off64_t);
  if (real == NULL) real = (int (*)(int, off64_t))dlsym(RTLD_NEXT, "ftruncate64");
  int error;
  return judge(fd, "truncate", &error) == PASS ? real(fd, length) : failed(error);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }
