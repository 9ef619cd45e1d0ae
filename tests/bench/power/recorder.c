/* Preloaded into a writer: every change of a file below $RECORD_ROOT as one record on the file $RECORD_LOG, where that
 * is given; and calls on such files fail as `fail_call` was told.
 *
 * A record is: kind (1 byte), inode, number (8 bytes each), two lengths (4 bytes each), then two byte strings, all
 * little-endian. `tests/bench/power/record.py` lists the kinds and reads them. `tests/bench/failing.py` lists the ways
 * to fail. Linux.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

static int recording = -1;
static const char *root;
static size_t root_length;

__attribute__((constructor)) static void begin(void) {
    root = getenv("RECORD_ROOT");
    const char *name = getenv("RECORD_LOG");
    if (!root) return;
    root_length = strlen(root);
    if (name) recording = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int inside(const char *path) {
    return root && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

static void record(char kind, uint64_t inode, uint64_t number, const void *a, uint32_t na, const void *b, uint32_t nb) {
    if (recording < 0) return;
    int kept = errno;
    char head[25];
    head[0] = kind;
    memcpy(head + 1, &inode, 8);
    memcpy(head + 9, &number, 8);
    memcpy(head + 17, &na, 4);
    memcpy(head + 21, &nb, 4);
    struct iovec parts[3] = {{head, sizeof head}, {(void *)a, na}, {(void *)b, nb}};
    if (writev(recording, parts, 3) != (ssize_t)(sizeof head + na + nb)) abort();
    errno = kept;
}

static int named(int handle, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t n = readlink(link, path, 4095);
    if (n < 0) return 0;
    path[n] = 0;
    return inside(path);
}

static int at(int folder, const char *name, char *path) {
    if (name[0] == '/') return snprintf(path, 4096, "%s", name) < 4096 && inside(path);
    char above[4096];
    if (folder == AT_FDCWD) {
        if (!getcwd(above, sizeof above)) return 0;
    } else if (!named(folder, above)) return 0;
    return snprintf(path, 4096, "%s/%s", above, name) < 4096 && inside(path);
}

enum { NONE, ERROR, INTERRUPTED, SHORT, DEAD };
static int how;
static long failing, calls;

/* The `call`-th call from now on fails: with EIO, with EINTR, having written half, or with EIO as all after it do. */
void fail_call(int way, long call) {
    how = way;
    failing = call;
    calls = 0;
}

/* Calls since then that could have failed so. */
long calls_seen(void) { return calls; }

static int due(int below, int writes) {
    if (!how || !below || (how == SHORT && !writes)) return 0;
    calls++;
    return how == DEAD ? calls >= failing : calls == failing;
}

static int refused(void) {
    errno = how == INTERRUPTED ? EINTR : EIO;
    return -1;
}

static int due_on(int handle, int writes) {
    char path[4096];
    return how && due(named(handle, path), writes);
}

static int due_at(int folder, const char *name) {
    char path[4096];
    return how && due(at(folder, name, path), 0);
}

static uint64_t inode_of(int handle) {
    struct stat state;
    return fstat(handle, &state) ? 0 : state.st_ino;
}

static void wrote(int handle, const void *data, ssize_t n, int64_t offset) {
    char path[4096];
    if (n <= 0 || recording < 0 || handle == recording || !named(handle, path)) return;
    if (offset < 0) offset = lseek(handle, 0, SEEK_CUR) - n;
    record('W', inode_of(handle), offset, path, strlen(path), data, n);
}

ssize_t write(int handle, const void *data, size_t n) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (due_on(handle, 1)) {
        if (how != SHORT) return refused();
        n = (n + 1) / 2;
    }
    ssize_t done = real(handle, data, n);
    wrote(handle, data, done, -1);
    return done;
}

#define PWRITE(name) \
    ssize_t name(int handle, const void *data, size_t n, off_t offset) { \
        REAL(ssize_t, #name, int, const void *, size_t, off_t); \
        if (due_on(handle, 1)) { \
            if (how != SHORT) return refused(); \
            n = (n + 1) / 2; \
        } \
        ssize_t done = real(handle, data, n, offset); \
        wrote(handle, data, done, offset); \
        return done; \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define TRUNCATE(name) \
    int name(int handle, off_t size) { \
        REAL(int, #name, int, off_t); \
        if (due_on(handle, 0)) return refused(); \
        char path[4096]; \
        int done = real(handle, size); \
        if (!done && named(handle, path)) record('T', inode_of(handle), size, path, strlen(path), "", 0); \
        return done; \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

#define SYNC(name) \
    int name(int handle) { \
        REAL(int, #name, int); \
        if (due_on(handle, 0)) return refused(); \
        char path[4096]; \
        int done = real(handle); \
        if (!done && named(handle, path)) record('S', inode_of(handle), 0, path, strlen(path), "", 0); \
        return done; \
    }
SYNC(fsync)
SYNC(fdatasync)

static int opened(int folder, const char *name, int flags, mode_t mode) {
    REAL(int, "openat", int, const char *, int, ...);
    if (due_at(folder, name)) return refused();
    struct stat before;
    int fresh = flags & O_CREAT && fstatat(folder, name, &before, 0);
    int handle = real(folder, name, flags, mode);
    char path[4096];
    if (handle >= 0 && flags & (O_CREAT | O_TRUNC) && recording >= 0 && named(handle, path)) {
        if (fresh) record('C', inode_of(handle), 0, path, strlen(path), "", 0);
        else if (flags & O_TRUNC) record('T', inode_of(handle), 0, path, strlen(path), "", 0);
    }
    return handle;
}

#define MODE mode_t mode = 0; if (flags & O_CREAT) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }
int open(const char *name, int flags, ...) { MODE return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE return opened(AT_FDCWD, name, flags, mode); }
int openat(int folder, const char *name, int flags, ...) { MODE return opened(folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE return opened(folder, name, flags, mode); }

int renameat(int from, const char *old, int to, const char *new) {
    REAL(int, "renameat", int, const char *, int, const char *);
    if (due_at(to, new)) return refused();
    char a[4096], b[4096];
    int seen = at(from, old, a) & at(to, new, b);
    int done = real(from, old, to, new);
    if (!done && seen) record('R', 0, 0, a, strlen(a), b, strlen(b));
    return done;
}
int rename(const char *old, const char *new) { return renameat(AT_FDCWD, old, AT_FDCWD, new); }

int unlinkat(int folder, const char *name, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    if (due_at(folder, name)) return refused();
    char path[4096];
    int seen = at(folder, name, path);
    int done = real(folder, name, flags);
    if (!done && seen) record('U', 0, 0, path, strlen(path), "", 0);
    return done;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdirat(int folder, const char *name, mode_t mode) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    if (due_at(folder, name)) return refused();
    char path[4096];
    int done = real(folder, name, mode);
    if (!done && at(folder, name, path)) record('D', 0, mode, path, strlen(path), "", 0);
    return done;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }
