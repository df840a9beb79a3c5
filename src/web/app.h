/* web/app.h - what every request shares: read-only after start, or locked by itself. */
#ifndef WEB_APP_H
#define WEB_APP_H

#include <stdbool.h>

#include "base/crypto.h"
#include "store/blob.h"

struct envelope_desk;
struct events;
struct half_desk;
struct master;
struct node_self;
struct programme_set;
struct proxies;
struct rates;
struct release_desk;
struct store;
struct work_runner;
struct journal_writer;
struct signer;
struct workday_calendar;

struct app {
    struct store *store;
    const struct master *master;
    struct blob_place blobs;
    const struct programme_set *programmes;
    const struct workday_calendar *calendar;
    struct events *events;
    struct rates *rates;
    struct journal_writer *journal;    /* sitting/: the group-commit writer */
    struct release_desk *release_desk; /* paper/: shares that officers have armed */
    struct signer *signer;             /* store/signer.h: keys behind an interface */
    const char *data_folder;
    const char *anchor_file, *anchor_copy; /* where copies of anchors go; NULL: nowhere */
    const char *program;                   /* path of this program, for caged children */
    const char *public_url; /* "http://127.0.0.1:8080": in QR codes and Origin checks */
    bool behind_tls;
    const struct node_self *node;    /* this is a room node; NULL at a centre */
    struct half_desk *halves;        /* web/halves.h: of a room node */
    struct envelope_desk *envelopes; /* paper/: of a centre */
    struct work_runner *work;        /* web/work.h; NULL: what is asked for waits */
    struct slow_cost phone_cost;     /* of phone codes; zero: as designed */
    const struct proxies
        *proxies; /* web/proxy.h: whose word on a client's address counts; NULL: nobody's */
    bool demo;    /* a demonstration body: 样张 across what is printed */
};

#endif
