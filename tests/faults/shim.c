/*
 * Faults of a kernel, put between a process and its files: FAULTS="ending:what,ending:what" says what happens to writes (or, for
 * sync-*, to fdatasync, for pread-*, to reads at an offset) on files whose path ends so. A number is an errno; "clamp" stores 7, with noughts before it; "vanish" removes the file and says
 * ENODEV; "hang" does not come back; "reject-late" stores the value and then says EIO; "switches" takes the file for a list of words,
 * each with NO_ before it or without, and turns the one that is written, as the scheduler's features do.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fault_of(int fd, const char *kind, char *what, size_t size, char *path, size_t path_size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, path_size - 1);
  const char *faults = getenv("FAULTS");
  if (length < 0 || !faults) return 0;
  path[length] = 0;
  char copy[4096];
  snprintf(copy, sizeof copy, "%s", faults);
  char *rest = copy, *one;
  while ((one = strsep(&rest, ","))) {
    char *colon = strchr(one, ':');
    if (!colon) continue;
    *colon = 0;
    size_t ending = strlen(one);
    if ((size_t)length < ending || strcmp(path + length - ending, one) != 0) continue;
    char *named = colon + 1;
    const char *of = strncmp(named, "sync-", 5) == 0 ? "sync" : strncmp(named, "pread-", 6) == 0 ? "pread" : "write";
    if (strcmp(of, kind) != 0) continue;
    snprintf(what, size, "%s", strcmp(of, "write") == 0 ? named : named + strlen(of) + 1);
    return 1;
  }
  return 0;
}

typedef ssize_t (*write_function)(int, const void *, size_t);
typedef ssize_t (*pwrite_function)(int, const void *, size_t, off_t);
typedef ssize_t (*pread_function)(int, void *, size_t, off_t);
typedef int (*sync_function)(int);
typedef int (*truncate_function)(int, off_t);

/* Turns one word of a list and writes the list back; -1 where the list has no such word. */
static ssize_t turn_switch(int fd, const char *path, const char *data, size_t size) {
  char word[64], list[4096], turned[4096] = "";
  snprintf(word, sizeof word, "%.*s", (int)strcspn(data, "\n") < (int)size ? (int)strcspn(data, "\n") : (int)size, data);
  const char *bare = strncmp(word, "NO_", 3) == 0 ? word + 3 : word;
  FILE *file = fopen(path, "r");
  size_t length = file ? fread(list, 1, sizeof list - 1, file) : 0;
  if (file) fclose(file);
  list[length] = 0;
  int found = 0;
  for (char *one = strtok(list, " \n"); one; one = strtok(NULL, " \n")) {
    int is_it = strcmp(strncmp(one, "NO_", 3) == 0 ? one + 3 : one, bare) == 0;
    found |= is_it;
    snprintf(turned + strlen(turned), sizeof turned - strlen(turned), "%s ", is_it ? word : one);
  }
  if (!found) errno = EINVAL;
  if (!found || ((truncate_function)dlsym(RTLD_NEXT, "ftruncate"))(fd, 0) != 0) return -1;
  dprintf(fd, "%s\n", turned);
  return (ssize_t)size;
}

static int injected(int fd, const void *data, size_t size, ssize_t *result) {
  char what[32], path[4096];
  if (!fault_of(fd, "write", what, sizeof what, path, sizeof path)) return 0;
  write_function real = (write_function)dlsym(RTLD_NEXT, "write");
  *result = -1;
  if (strcmp(what, "clamp") == 0) {
    char stored[64];
    int length = snprintf(stored, sizeof stored, "%0*d\n", (int)size - 1, 7);
    *result = real(fd, stored, (size_t)length);
  } else if (strcmp(what, "vanish") == 0) {
    unlink(path);
    errno = ENODEV;
  } else if (strcmp(what, "hang") == 0) {
    sleep(1000);
    real(fd, data, size);
    *result = (ssize_t)size;
  } else if (strcmp(what, "switches") == 0) {
    *result = turn_switch(fd, path, data, size);
  } else if (strcmp(what, "reject-late") == 0) {
    if (ftruncate(fd, 0) == 0) real(fd, data, size);
    errno = EIO;
  } else {
    errno = atoi(what);
  }
  return 1;
}

ssize_t write(int fd, const void *data, size_t size) {
  ssize_t result;
  return injected(fd, data, size, &result) ? result : ((write_function)dlsym(RTLD_NEXT, "write"))(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
  ssize_t result;
  return injected(fd, data, size, &result) ? result : ((pwrite_function)dlsym(RTLD_NEXT, "pwrite"))(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) {
  ssize_t result;
  return injected(fd, data, size, &result) ? result : ((pwrite_function)dlsym(RTLD_NEXT, "pwrite64"))(fd, data, size, offset);
}

static int refused_at_offset(int fd) {
  char what[32], path[4096];
  if (!fault_of(fd, "pread", what, sizeof what, path, sizeof path)) return 0;
  errno = atoi(what);
  return 1;
}

ssize_t pread(int fd, void *data, size_t size, off_t offset) {
  return refused_at_offset(fd) ? -1 : ((pread_function)dlsym(RTLD_NEXT, "pread"))(fd, data, size, offset);
}

ssize_t pread64(int fd, void *data, size_t size, off_t offset) {
  return refused_at_offset(fd) ? -1 : ((pread_function)dlsym(RTLD_NEXT, "pread64"))(fd, data, size, offset);
}

/* A kernel file takes each write as a whole; what is cut off a plain one must not be cut off a list of switches. */
static int keeps_length(int fd) {
  char what[32], path[4096];
  return fault_of(fd, "write", what, sizeof what, path, sizeof path) && strcmp(what, "switches") == 0;
}

int ftruncate(int fd, off_t length) {
  return keeps_length(fd) ? 0 : ((truncate_function)dlsym(RTLD_NEXT, "ftruncate"))(fd, length);
}

int ftruncate64(int fd, off_t length) {
  return keeps_length(fd) ? 0 : ((truncate_function)dlsym(RTLD_NEXT, "ftruncate64"))(fd, length);
}

int fdatasync(int fd) {
  char what[32], path[4096];
  if (!fault_of(fd, "sync", what, sizeof what, path, sizeof path)) return ((sync_function)dlsym(RTLD_NEXT, "fdatasync"))(fd);
  errno = atoi(what);
  return -1;
}
