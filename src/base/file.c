/* base/file.c - whole files. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

enum { PATH_BYTES = 4096 };

const char *file_why(int code)
{
    switch (code) {
    case ENOENT:
        return "没有这个文件。";
    case EACCES:
    case EPERM:
        return "没有权限，请换一个位置或改权限。";
    case EROFS:
        return "所在的磁盘只读。";
    case ENOSPC:
    case EDQUOT:
        return "磁盘已满，请腾出空间。";
    case ENOTDIR:
        return "不是文件夹。";
    default:
        return strerror(code);
    }
}

static bool fail_errno(struct err *e, const char *path)
{
    if (errno == ENOENT)
        return FAIL(e, NOT_FOUND, "file", "%s：%s", path, file_why(errno));
    return FAIL(e, STORE, "file", "%s：%s", path, file_why(errno));
}

static bool is_folder(const char *path)
{
    struct stat s;
    if (stat(path, &s) != 0)
        return false;
    errno = S_ISDIR(s.st_mode) ? 0 : ENOTDIR;
    return errno == 0;
}

static bool read_all(int fd, unsigned char *to, size_t len)
{
    while (len > 0) {
        ssize_t n = read(fd, to, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        to += n;
        len -= (size_t)n;
    }
    return true;
}

bool file_read(struct arena *a, const char *path, size_t max_bytes, struct bytes *out,
               struct err *e)
{
    struct stat s;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(e, path);
    bool ok = fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
    if (!ok) {
        FAIL(e, INVALID, "file", "%s：不是普通文件。", path);
    } else if ((size_t)s.st_size > max_bytes) {
        ok = FAIL(e, TOO_LARGE, "file", "%s：超过 %zu 字节。", path, max_bytes);
    } else {
        unsigned char *content = arena_alloc(a, (size_t)s.st_size + 1, 1);
        ok = read_all(fd, content, (size_t)s.st_size) || fail_errno(e, path);
        *out = (struct bytes){content, (size_t)s.st_size};
    }
    close(fd);
    return ok;
}

static bool write_all(int fd, const unsigned char *from, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, from, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        from += n;
        len -= (size_t)n;
    }
    return true;
}

static bool sync_folder_of(const char *path)
{
    char folder[PATH_BYTES];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash == folder)
        slash[1] = '\0';
    else if (slash)
        *slash = '\0';
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

bool file_write(const char *path, const void *bytes, size_t len, unsigned mode, struct err *e)
{
    char temporary[PATH_BYTES];
    if (snprintf(temporary, sizeof temporary, "%s.part", path) >= PATH_BYTES)
        return FAIL(e, INVALID, "file", "路径太长。");
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return fail_errno(e, path);
    bool ok = write_all(fd, bytes, len) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && rename(temporary, path) == 0 && sync_folder_of(path);
    if (!ok) {
        fail_errno(e, path);
        unlink(temporary);
    }
    return ok;
}

bool folder_make(const char *path, unsigned mode, struct err *e)
{
    char partial[PATH_BYTES];
    if (snprintf(partial, sizeof partial, "%s", path) >= PATH_BYTES)
        return FAIL(e, INVALID, "file", "路径太长。");
    for (char *c = partial + 1;; c++) {
        if (*c && *c != '/')
            continue;
        char kept = *c;
        *c = '\0';
        if (mkdir(partial, mode) != 0 && (errno != EEXIST || !is_folder(partial)))
            return fail_errno(e, partial);
        if (!kept)
            return true;
        *c = kept;
    }
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *where)
{
    (void)s;
    (void)kind;
    (void)where;
    return remove(path);
}

bool folder_remove(const char *path, struct err *e)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return fail_errno(e, path);
    return true;
}
