/* base/crypto_keys.c - the master secret, its file, and the keys derived from keys. */
#include "base/crypto.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/crypto_must.h"
#include "base/file.h"

enum { FILE_BYTES = 48, FILE_CHECK_BYTES = 8, FIRST_VERSION = 1, PATH_BYTES = 4096 };
static const unsigned char file_magic[4] = {'H', 'N', 'M', 'K'};

static const char *const contexts[KEY_PURPOSES] = {
#define KEY(name, context) [KEY_##name] = context,
#include "base/keys.def"
#undef KEY
};

#define KEY(name, context)                                                                     \
    _Static_assert(sizeof(context) == crypto_kdf_CONTEXTBYTES + 1, "8 bytes: " #name);
#include "base/keys.def"
#undef KEY

struct master {
    uint32_t version;
    unsigned char secret[KEY_BYTES];
};

const char *key_context(enum key_purpose purpose)
{
    assert(purpose < KEY_PURPOSES);
    return contexts[purpose];
}

void key_derive(unsigned char out[KEY_BYTES], const unsigned char parent[KEY_BYTES],
                enum key_purpose purpose, uint64_t number)
{
    crypto_must(
        crypto_kdf_derive_from_key(out, KEY_BYTES, number, key_context(purpose), parent) == 0,
        "crypto_kdf");
}

void *secret_alloc(size_t size)
{
    void *secret = sodium_malloc(size);
    crypto_must(secret != NULL, "locked memory");
    return secret;
}

void secret_free(void *secret)
{
    sodium_free(secret);
}

/* sodium_malloc locks the page, keeps it out of core dumps and puts guards around it. */
struct master *master_create(const unsigned char secret[KEY_BYTES], uint32_t version)
{
    assert(version >= 1 && version <= 255); /* a sealed value names it in one byte */
    struct master *m = sodium_malloc(sizeof *m);
    crypto_must(m != NULL, "locked memory");
    /* NOLINTNEXTLINE: crypto_must has stopped if m is NULL */
    m->version = version;
    memcpy(m->secret, secret, KEY_BYTES);
    crypto_must(sodium_mprotect_readonly(m) == 0, "protected memory");
    return m;
}

void master_destroy(struct master *m)
{
    sodium_free(m); /* wipes it; NULL is fine */
}

uint32_t master_version(const struct master *m)
{
    return m->version;
}

void master_key(const struct master *m, enum key_purpose purpose, unsigned char out[KEY_BYTES])
{
    key_derive(out, m->secret, purpose, m->version);
}

static void file_check(unsigned char out[FILE_CHECK_BYTES],
                       const unsigned char file[FILE_BYTES])
{
    unsigned char hash[HASH_BYTES];
    hash_of(hash, file, FILE_BYTES - FILE_CHECK_BYTES);
    memcpy(out, hash, FILE_CHECK_BYTES);
    sodium_memzero(hash, sizeof hash);
}

/* Exactly FILE_BYTES and then the end. */
static bool file_bytes_read(int fd, unsigned char file[FILE_BYTES])
{
    size_t got = 0;
    unsigned char more;
    while (got < FILE_BYTES) {
        ssize_t n = read(fd, file + got, FILE_BYTES - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return read(fd, &more, 1) == 0;
}

struct master *master_file_read(const char *path, struct err *e)
{
    struct stat st;
    unsigned char file[FILE_BYTES], check[FILE_CHECK_BYTES];
    struct master *m = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        FAIL(e, STORE, "master", "主密钥文件无法打开：%s：%s", path, file_why(errno));
        return NULL;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & 077)) {
        FAIL(e, STORE, "master", "主密钥文件必须是只有本用户可读的普通文件（0400）：%s", path);
    } else if (!file_bytes_read(fd, file)) {
        FAIL(e, STORE, "master", "主密钥文件应当正好 48 字节：%s", path);
    } else {
        uint32_t version = be32_get(file + 4);
        file_check(check, file);
        if (memcmp(file, file_magic, sizeof file_magic) != 0 || version < 1 || version > 255 ||
            !secret_equal(check, file + FILE_BYTES - FILE_CHECK_BYTES, FILE_CHECK_BYTES))
            FAIL(e, STORE, "master", "主密钥文件已损坏或不是主密钥文件：%s", path);
        else
            m = master_create(file + 8, version);
    }
    sodium_memzero(file, sizeof file);
    close(fd);
    return m;
}

static bool all_written(int fd, const unsigned char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* The name of a new file is on disk only when its folder is. */
static bool folder_sync(const char *path)
{
    char folder[PATH_BYTES];
    int n = snprintf(folder, sizeof folder, "%s", path);
    if (n < 0 || (size_t)n >= sizeof folder)
        return false;
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool synced = fsync(fd) == 0;
    close(fd);
    return synced;
}

bool master_file_create(const char *path, struct err *e)
{
    unsigned char file[FILE_BYTES];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
    if (fd < 0 && errno == EEXIST)
        return FAIL(e, CONFLICT, "master", "主密钥文件已经存在，不会覆盖：%s", path);
    if (fd < 0)
        return FAIL(e, STORE, "master", "主密钥文件无法创建：%s：%s", path, file_why(errno));

    memcpy(file, file_magic, sizeof file_magic);
    be32_put(file + 4, FIRST_VERSION);
    random_bytes(file + 8, KEY_BYTES);
    file_check(file + FILE_BYTES - FILE_CHECK_BYTES, file);
    bool ok = fchmod(fd, 0400) == 0 && all_written(fd, file, FILE_BYTES) && fsync(fd) == 0;
    int why = errno;
    sodium_memzero(file, sizeof file);
    if (close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && !folder_sync(path)) {
        ok = false;
        why = errno;
    }
    if (ok)
        return true;
    unlink(path);
    return FAIL(e, STORE, "master", "主密钥文件无法写入：%s：%s", path, file_why(why));
}
