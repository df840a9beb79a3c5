/* web/tls_test.c - S40: a client of TLS 1.1 is refused where the program serves TLS itself. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "test/check.h"
#include "web/http.h"

static bool head(void *ctx, struct exchange *x, size_t *body_max, enum exchange_way *way,
                 int *status)
{
    (void)ctx;
    (void)x;
    (void)body_max;
    (void)way;
    *status = 404; /* answered without a handler: the handshake is what is tested */
    return false;
}

static void *worker_start(void *ctx, struct err *e)
{
    (void)e;
    return ctx;
}

static void worker_stop(void *ctx, void *worker)
{
    (void)ctx;
    (void)worker;
}

/* A key and a certificate of this minute; none lies in the repository. */
static void make_certificate(const char *key, const char *certificate)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        execlp("openssl", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate,
               "-days", "2", "-subj", "/CN=localhost", (char *)NULL);
        _exit(127);
    }
    CHECK("child", child > 0 && waitpid(child, &status, 0) == child);
    CHECK_INT("openssl req", status, 0);
}

static CURLcode shake_hands(uint16_t port, long version)
{
    char url[64];
    CURL *c = curl_easy_init();
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", (unsigned)port);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
    /* The client is willing: what is refused, the server refuses. */
    curl_easy_setopt(c, CURLOPT_SSL_CIPHER_LIST, "DEFAULT@SECLEVEL=0");
    curl_easy_setopt(c, CURLOPT_SSLVERSION, version);
    CURLcode code = curl_easy_perform(c);
    curl_easy_cleanup(c);
    return code;
}

void tls_is_1_2_or_newer_test(void)
{
    char folder[] = "/tmp/heng-tls-XXXXXX";
    struct arena *a = arena_create(4 << 20);
    struct err e = {0};
    struct bytes key, certificate;
    CHECK("folder", mkdtemp(folder));
    const char *key_file = arena_printf(a, "%s/key.pem", folder),
               *certificate_file = arena_printf(a, "%s/certificate.pem", folder);
    make_certificate(key_file, certificate_file);
    CHECK_OK("key", file_read(a, key_file, 1 << 16, &key, &e), &e);
    CHECK_OK("certificate", file_read(a, certificate_file, 1 << 16, &certificate, &e), &e);
    const struct http_config c = {.host = "127.0.0.1",
                                  .event_threads = 2,
                                  .worker_threads = 1,
                                  .connections_max = 100,
                                  .connections_per_address = 100,
                                  .limits = deadline_limits(),
                                  .tls_certificate = (const char *)certificate.at,
                                  .tls_key = (const char *)key.at};
    const struct http_handlers h = {a, head, NULL, NULL, worker_start, worker_stop};
    struct http_server *server = http_start(&c, &h, &e);
    CHECK_OK("starts", server, &e);
    static const struct {
        const char *what;
        long version;
        bool good;
    } cases[] = {
        {"1.0", CURL_SSLVERSION_TLSv1_0 | CURL_SSLVERSION_MAX_TLSv1_0, false},
        {"1.1", CURL_SSLVERSION_TLSv1_1 | CURL_SSLVERSION_MAX_TLSv1_1, false},
        {"1.2", CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2, true},
        {"1.3", CURL_SSLVERSION_TLSv1_3 | CURL_SSLVERSION_MAX_TLSv1_3, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT(cases[i].what, shake_hands(http_port(server), cases[i].version),
                  cases[i].good ? CURLE_OK : CURLE_SSL_CONNECT_ERROR);
    http_stop(server);
    CHECK_OK("removed", folder_remove(folder, &e), &e);
    arena_destroy(a);
}
