/* base/crypto_keys_test.c - one key, one purpose; the master file is born safe and is checked. */
#include "base/crypto.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/check.h"

void key_contexts_test(void)
{
    for (int i = 0; i < KEY_PURPOSES; i++) {
        CHECK_INT("8 characters", strlen(key_context((enum key_purpose)i)), 8);
        for (int j = 0; j < i; j++)
            CHECK(key_context((enum key_purpose)i),
                  strcmp(key_context((enum key_purpose)i), key_context((enum key_purpose)j)));
    }
}

void keys_derived_test(void)
{
    static const unsigned char parent[KEY_BYTES] = {7};
    unsigned char x[KEY_BYTES], y[KEY_BYTES];
    key_derive(x, parent, KEY_ROOM, 65536);
    key_derive(y, parent, KEY_ROOM, 65536);
    CHECK("the same twice", secret_equal(x, y, KEY_BYTES));
    key_derive(y, parent, KEY_ROOM, 65537);
    CHECK("the number counts", !secret_equal(x, y, KEY_BYTES));
    key_derive(y, parent, KEY_PAPER, 65536);
    CHECK("the purpose counts", !secret_equal(x, y, KEY_BYTES));

    struct master *one = master_create(parent, 1), *two = master_create(parent, 2);
    master_key(one, KEY_FIELD, x);
    master_key(two, KEY_FIELD, y);
    CHECK("versions have other keys", !secret_equal(x, y, KEY_BYTES));
    key_derive(y, parent, KEY_FIELD, 1);
    CHECK("the version is the number", secret_equal(x, y, KEY_BYTES));
    CHECK_INT("version", master_version(two), 2);
    master_destroy(one);
    master_destroy(two);
    master_destroy(NULL);
}

static void change_byte(const char *path, long at, int mode)
{
    CHECK("may write now", chmod(path, 0600) == 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    unsigned char byte = 0;
    CHECK("read", fd >= 0 && pread(fd, &byte, 1, at) == 1);
    byte ^= 1;
    CHECK("write", pwrite(fd, &byte, 1, at) == 1);
    close(fd);
    CHECK("mode", chmod(path, (mode_t)mode) == 0);
}

void master_file_test(void)
{
    char folder[] = "/tmp/heng-master-XXXXXX", path[64];
    unsigned char x[KEY_BYTES], y[KEY_BYTES];
    struct stat st;
    struct err e = {0};
    CHECK("folder", mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/master", folder);

    mode_t old = umask(0);
    CHECK_OK("born", master_file_create(path, &e), &e);
    umask(old);
    CHECK_INT("found", stat(path, &st), 0);
    CHECK_INT("mode", st.st_mode & 07777, 0400);
    CHECK_INT("size", st.st_size, 48);
    CHECK_REFUSED("a second time", master_file_create(path, &e), &e, CONFLICT, "master");

    e = (struct err){0};
    struct master *m = master_file_read(path, &e), *again = master_file_read(path, &e);
    CHECK("read", m && again);
    CHECK_INT("first version", master_version(m), 1);
    master_key(m, KEY_BLIND, x);
    master_key(again, KEY_BLIND, y);
    CHECK("the same secret", secret_equal(x, y, KEY_BYTES));
    master_destroy(m);
    master_destroy(again);

    for (long at = 0; at < 48; at++) {
        change_byte(path, at, 0400);
        e = (struct err){0};
        CHECK_REFUSED("one bit wrong", master_file_read(path, &e) != NULL, &e, STORE, "master");
        change_byte(path, at, 0400);
    }
    CHECK("others may read", chmod(path, 0440) == 0);
    e = (struct err){0};
    CHECK_REFUSED("others may read", master_file_read(path, &e) != NULL, &e, STORE, "master");
    CHECK("longer", chmod(path, 0600) == 0 && truncate(path, 49) == 0);
    e = (struct err){0};
    CHECK_REFUSED("too long", master_file_read(path, &e) != NULL, &e, STORE, "master");
    CHECK("shorter", truncate(path, 47) == 0);
    e = (struct err){0};
    CHECK_REFUSED("too short", master_file_read(path, &e) != NULL, &e, STORE, "master");
    unlink(path);
    e = (struct err){0};
    CHECK_REFUSED("none", master_file_read(path, &e) != NULL, &e, STORE, "master");
    CHECK("a link", symlink("/etc/hostname", path) == 0);
    e = (struct err){0};
    CHECK_REFUSED("a link is not followed", master_file_read(path, &e) != NULL, &e, STORE,
                  "master");
    unlink(path);
    rmdir(folder);
}
