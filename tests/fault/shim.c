/* fault/shim.c - preloaded into the released program: calls to the system that fail on demand, a
 * clock that can be moved, and a record of what was written but not yet synced.
 *
 * glibc's own entry points (__libc_malloc and so on) are used where there are any, so that the
 * library needs no memory of its own to find them. */
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static struct shim *page;
static int record_fd = -1;
static pthread_mutex_t record_lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void open_page(void)
{
    const char *path = getenv(SHIM_PAGE), *log = getenv(SHIM_LOG);
    if (!path)
        return;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    void *at = fd < 0 ? MAP_FAILED
                      : mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at != MAP_FAILED)
        page = at;
    if (log)
        record_fd = (int)syscall(SYS_openat, AT_FDCWD, log,
                                 O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Whether this call is to fail. */
static int fails(enum shim_kind kind)
{
    if (!page)
        return 0;
    atomic_fetch_add(&page->calls[kind], 1);
    if (atomic_load(&page->kind) != (int)kind)
        return 0;
    int64_t left = atomic_fetch_sub(&page->left, 1);
    if (left > 1 || (left < 1 && !atomic_load(&page->forever)))
        return 0;
    atomic_fetch_add(&page->fired, 1);
    return 1;
}

static mode_t type_of(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? st.st_mode & S_IFMT : 0;
}

/* --- memory --------------------------------------------------------------------------------------- */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t size)
{
    return fails(SHIM_ALLOC) ? no_memory() : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(SHIM_ALLOC) ? no_memory() : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails(SHIM_ALLOC) ? no_memory() : __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
    void *at = fails(SHIM_ALLOC) ? NULL : __libc_memalign(align, size);
    if (!at)
        return ENOMEM;
    *out = at;
    return 0;
}

void *aligned_alloc(size_t align, size_t size)
{
    return fails(SHIM_ALLOC) ? no_memory() : __libc_memalign(align, size);
}

/* --- files ---------------------------------------------------------------------------------------- */
static ssize_t real_pread(int fd, void *to, size_t len, off_t at)
{
    return (ssize_t)syscall(SYS_pread64, fd, to, len, at);
}

static int path_of(int fd, char *out, size_t size)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out, size);
    return n > 0 ? (int)n : 0;
}

/* One write call, so that a kill never leaves half a record in the middle. */
static void record(int fd, enum shim_record_kind kind, const void *bytes, size_t len, off_t at)
{
    char path[512];
    if (!page || record_fd < 0 || !atomic_load(&page->record) || type_of(fd) != S_IFREG)
        return;
    int n = path_of(fd, path, sizeof path);
    if (n < 3 || memmem(path, (size_t)n, "/heng.db", 8) == NULL)
        return;
    struct shim_record r = {.kind = kind, .path_len = (uint32_t)n, .offset = at};
    char *old = len ? __libc_malloc(len) : NULL;
    if (kind == RECORD_WRITE && old) {
        ssize_t was = real_pread(fd, old, len, at);
        r.old_len = was > 0 ? (uint32_t)was : 0;
        r.new_len = (uint32_t)len;
    }
    struct iovec parts[] = {{&r, sizeof r},
                            {path, (size_t)n},
                            {old, r.old_len},
                            {(void *)(uintptr_t)bytes, r.new_len}};
    pthread_mutex_lock(&record_lock);
    if (syscall(SYS_writev, record_fd, parts, 4) < 0)
        _exit(98); /* a record with a hole would prove nothing */
    pthread_mutex_unlock(&record_lock);
    free(old);
}

static int no_room(int fd, off_t end)
{
    struct stat st;
    if (!page || !atomic_load(&page->full))
        return 0;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || end <= st.st_size)
        return 0;
    errno = ENOSPC;
    return 1;
}

static int fails_on_file(int fd, off_t end)
{
    if (type_of(fd) != S_IFREG)
        return 0;
    if (fails(SHIM_WRITE)) {
        errno = EIO;
        return 1;
    }
    return no_room(fd, end);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    if (fails_on_file(fd, at + (off_t)len))
        return -1;
    record(fd, RECORD_WRITE, bytes, len, at);
    return (ssize_t)syscall(SYS_pwrite64, fd, bytes, len, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    return pwrite64(fd, bytes, len, at);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    if (type_of(fd) == S_IFSOCK) {
        if (fails(SHIM_SEND)) {
            errno = ECONNRESET;
            return -1;
        }
    } else if (fails_on_file(fd, lseek(fd, 0, SEEK_CUR) + (off_t)len)) {
        return -1;
    }
    return (ssize_t)syscall(SYS_write, fd, bytes, len);
}

int ftruncate64(int fd, off64_t len)
{
    if (fails_on_file(fd, 0))
        return -1;
    record(fd, RECORD_TRUNCATE, NULL, 0, len);
    return (int)syscall(SYS_ftruncate, fd, len);
}

int ftruncate(int fd, off_t len)
{
    return ftruncate64(fd, len);
}

/* As Linux does it: a failed sync is told once to everybody who had the file open then, and to
 * nobody who opens it later. */
enum { BAD_FILES = 16, FILES = 4096 };
static struct {
    dev_t dev;
    ino_t ino;
    unsigned failed;
} bad[BAD_FILES];
static unsigned told[FILES], failures;
static pthread_mutex_t bad_lock = PTHREAD_MUTEX_INITIALIZER;

/* The newest failure of the file; FRESH: there is one more. */
static unsigned failure_of(int fd, int fresh)
{
    struct stat st;
    int i = 0;
    if (fstat(fd, &st) != 0)
        return 0;
    while (i < BAD_FILES - 1 && bad[i].failed &&
           (bad[i].dev != st.st_dev || bad[i].ino != st.st_ino))
        i++;
    if (fresh) {
        bad[i].dev = st.st_dev;
        bad[i].ino = st.st_ino;
        bad[i].failed = ++failures;
    }
    return bad[i].dev == st.st_dev && bad[i].ino == st.st_ino ? bad[i].failed : 0;
}

static int sync_fails(int fd)
{
    int fresh = fails(SHIM_SYNC);
    if (fd < 0 || fd >= FILES)
        return fresh;
    pthread_mutex_lock(&bad_lock);
    unsigned newest = failure_of(fd, fresh);
    int so = newest > told[fd];
    told[fd] = newest;
    pthread_mutex_unlock(&bad_lock);
    return so;
}

static void has_opened(int fd)
{
    if (fd < 0 || fd >= FILES || !failures)
        return;
    pthread_mutex_lock(&bad_lock);
    told[fd] = failure_of(fd, 0);
    pthread_mutex_unlock(&bad_lock);
}

static int synced(int fd, long call)
{
    if (page && atomic_load(&page->lie))
        return 0;
    if (sync_fails(fd)) {
        record(fd, RECORD_SYNC_FAILED, NULL, 0, 0);
        errno = EIO;
        return -1;
    }
    int done = (int)syscall(call, fd);
    if (done == 0)
        record(fd, RECORD_SYNC, NULL, 0, 0);
    return done;
}

int fsync(int fd)
{
    return synced(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return synced(fd, SYS_fdatasync);
}

static int opened(const char *path, int flags, mode_t mode)
{
    if (fails(SHIM_OPEN)) {
        errno = EMFILE;
        return -1;
    }
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    has_opened(fd);
    return fd;
}

int open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened(path, flags, mode);
}

/* --- sockets -------------------------------------------------------------------------------------- */
static int reset(enum shim_kind kind)
{
    if (!fails(kind))
        return 0;
    errno = ECONNRESET;
    return 1;
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
    return reset(SHIM_SEND) ? -1 : (ssize_t)syscall(SYS_sendto, fd, bytes, len, flags, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
    return reset(SHIM_SEND) ? -1 : (ssize_t)syscall(SYS_sendmsg, fd, m, flags);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (type_of(fd) == S_IFSOCK ? reset(SHIM_SEND) : fails_on_file(fd, 0))
        return -1;
    return (ssize_t)syscall(SYS_writev, fd, parts, count);
}

ssize_t recv(int fd, void *to, size_t len, int flags)
{
    return reset(SHIM_RECEIVE) ? -1
                               : (ssize_t)syscall(SYS_recvfrom, fd, to, len, flags, NULL, NULL);
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
    return reset(SHIM_RECEIVE) ? -1 : (ssize_t)syscall(SYS_recvmsg, fd, m, flags);
}

int accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    if (fails(SHIM_ACCEPT)) {
        /* Not EMFILE: libmicrohttpd then rests until one of its connections ends, rightly. */
        errno = ECONNABORTED;
        return -1;
    }
    return (int)syscall(SYS_accept4, fd, address, len, flags);
}

int accept(int fd, struct sockaddr *address, socklen_t *len)
{
    return accept4(fd, address, len, 0);
}

int connect(int fd, const struct sockaddr *address, socklen_t len)
{
    if (fails(SHIM_CONNECT)) {
        errno = ECONNREFUSED;
        return -1;
    }
    return (int)syscall(SYS_connect, fd, address, len);
}

/* --- time ----------------------------------------------------------------------------------------- */
int clock_gettime(clockid_t id, struct timespec *out)
{
    int done = (int)syscall(SYS_clock_gettime, id, out);
    if (done != 0 || !page)
        return done;
    int64_t shift = 0;
    if (id == CLOCK_REALTIME)
        shift = atomic_load(&page->utc_shift_ms) + atomic_load(&page->run_shift_ms);
    else if (id == CLOCK_BOOTTIME)
        shift = atomic_load(&page->run_shift_ms);
    out->tv_sec += shift / 1000;
    out->tv_nsec += shift % 1000 * 1000000;
    if (out->tv_nsec < 0) {
        out->tv_nsec += 1000000000;
        out->tv_sec--;
    } else if (out->tv_nsec >= 1000000000) {
        out->tv_nsec -= 1000000000;
        out->tv_sec++;
    }
    return 0;
}
