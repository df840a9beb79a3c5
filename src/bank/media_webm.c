/* bank/media_webm.c - WebM (RFC 8794 and Matroska's names): VP8, VP9, Opus, Vorbis; tags blanked. */
#include <math.h>
#include <string.h>

#include "bank/media_container.h"
#include "base/arena.h"

enum {
    EBML = 0x1A45DFA3,
    DOC_TYPE = 0x4282,
    SEGMENT = 0x18538067,
    SEEK_HEAD = 0x114D9B74,
    INFO = 0x1549A966,
    SCALE = 0x2AD7B1,
    DURATION = 0x4489,
    TITLE = 0x7BA9,
    DATE = 0x4461,
    TRACKS = 0x1654AE6B,
    TRACK = 0xAE,
    TRACK_NAME = 0x536E,
    CODEC = 0x86,
    VIDEO = 0xE0,
    WIDTH = 0xB0,
    HEIGHT = 0xBA,
    CUES = 0x1C53BB6B,
    CLUSTER = 0x1F43B675,
    TIME = 0xE7,
    SIMPLE_BLOCK = 0xA3,
    BLOCK_GROUP = 0xA0,
    BLOCK = 0xA1,
    TAGS = 0x1254C367,
    CHAPTERS = 0x1043A770,
    ATTACHMENTS = 0x1941A469,
    VOID = 0xEC,
    VOID_HEAD = 9 /* with a size of eight bytes */
};

struct element {
    uint32_t id;
    size_t head; /* of id and size */
    unsigned char *at;
    size_t len;
};

struct looking {
    int films, sounds;
    int64_t width, height;
    uint64_t scale; /* ns a tick */
    double duration;
    int64_t cluster, last; /* ticks */
};

/* An id keeps its marker bits, a size loses them. */
static bool number(const unsigned char *p, size_t rest, int longest, bool marked, uint64_t *out,
                   size_t *len)
{
    int n = 1;
    if (rest == 0 || p[0] == 0)
        return false;
    while (!(p[0] & 0x80 >> (n - 1)))
        n++;
    if (n > longest || (size_t)n > rest)
        return false;
    uint64_t v = marked ? p[0] : p[0] & ((1u << (8 - n)) - 1);
    for (int i = 1; i < n; i++)
        v = v << 8 | p[i];
    if (!marked && v == (UINT64_C(1) << (7 * n)) - 1)
        v = UINT64_MAX; /* as long as it takes */
    *out = v;
    *len = (size_t)n;
    return true;
}

static bool is_top(uint32_t id)
{
    return id == SEEK_HEAD || id == INFO || id == TRACKS || id == CUES || id == CLUSTER ||
           id == TAGS || id == CHAPTERS || id == ATTACHMENTS;
}

static bool header_at(unsigned char *p, size_t rest, struct element *out, uint64_t *size)
{
    uint64_t id;
    size_t n, m;
    if (!number(p, rest, 4, true, &id, &n) || !number(p + n, rest - n, 8, false, size, &m))
        return false;
    out->id = (uint32_t)id;
    out->head = n + m;
    out->at = p + n + m;
    return true;
}

/* A live recorder writes a cluster before it knows its end: the next element of the segment is it. */
static size_t end_of_cluster(unsigned char *p, size_t rest)
{
    struct element x;
    uint64_t size;
    size_t at = 0;
    while (at < rest && header_at(p + at, rest - at, &x, &size) && !is_top(x.id) &&
           size <= rest - at - x.head)
        at += x.head + (size_t)size;
    return at;
}

static bool next_element(unsigned char *p, size_t len, size_t *at, struct element *out)
{
    uint64_t size;
    size_t rest = len - *at;
    if (!header_at(p + *at, rest, out, &size))
        return false;
    rest -= out->head;
    if (size == UINT64_MAX && out->id == SEGMENT)
        size = rest;
    else if (size == UINT64_MAX && out->id == CLUSTER)
        size = end_of_cluster(out->at, rest);
    if (size > rest)
        return false;
    out->len = (size_t)size;
    *at += out->head + out->len;
    return true;
}

static uint64_t integer(const struct element *x)
{
    uint64_t v = 0;
    for (size_t i = 0; i < x->len && i < 8; i++)
        v = v << 8 | x->at[i];
    return v;
}

static double real(const struct element *x)
{
    uint64_t bits = integer(x);
    uint32_t half = (uint32_t)bits;
    double d = 0;
    float f;
    if (x->len == 8) {
        memcpy(&d, &bits, sizeof d);
    } else if (x->len == 4) {
        memcpy(&f, &half, sizeof f);
        d = (double)f;
    }
    return isfinite(d) && d > 0 ? d : 0;
}

/* The whole element becomes one that means nothing, of the same length. */
static bool blank(struct element *x, struct err *e)
{
    size_t whole = x->head + x->len;
    unsigned char *p = x->at - x->head;
    if (whole < 2)
        return media_broken(e);
    memset(p, 0, whole);
    p[0] = VOID;
    if (whole < VOID_HEAD) {
        p[1] = (unsigned char)(0x80 | (whole - 2));
    } else {
        be64_put(p + 1, whole - VOID_HEAD);
        p[1] |= 0x01;
    }
    return true;
}

static bool has_text(const struct element *x, const char *text)
{
    size_t n = strlen(text);
    return x->len >= n && memcmp(x->at, text, n) == 0 && (x->len == n || x->at[n] == 0);
}

static bool read_track(struct element *track, struct looking *l, struct err *e)
{
    struct element x, y;
    bool known = false;
    for (size_t at = 0; at < track->len;) {
        if (!next_element(track->at, track->len, &at, &x))
            return media_broken(e);
        if (x.id == TRACK_NAME && !blank(&x, e))
            return false;
        if (x.id == CODEC) {
            bool film = has_text(&x, "V_VP8") || has_text(&x, "V_VP9"),
                 sound = has_text(&x, "A_OPUS") || has_text(&x, "A_VORBIS");
            l->films += film;
            l->sounds += sound;
            known = film || sound;
        }
        for (size_t in = 0; x.id == VIDEO && in < x.len;) {
            if (!next_element(x.at, x.len, &in, &y))
                return media_broken(e);
            if (y.id == WIDTH)
                l->width = (int64_t)(integer(&y) & INT32_MAX);
            if (y.id == HEIGHT)
                l->height = (int64_t)(integer(&y) & INT32_MAX);
        }
    }
    return known || media_unplayed(e, "WebM 须为 VP8、VP9 画面，Opus、Vorbis 声音");
}

static bool read_tracks(struct element *tracks, struct looking *l, struct err *e)
{
    struct element x;
    for (size_t at = 0; at < tracks->len;)
        if (!next_element(tracks->at, tracks->len, &at, &x))
            return media_broken(e);
        else if (x.id == TRACK && !read_track(&x, l, e))
            return false;
    return true;
}

static bool read_info(struct element *info, struct looking *l, struct err *e)
{
    struct element x;
    for (size_t at = 0; at < info->len;) {
        if (!next_element(info->at, info->len, &at, &x))
            return media_broken(e);
        if (x.id == SCALE)
            l->scale = integer(&x);
        if (x.id == DURATION)
            l->duration = real(&x);
        if ((x.id == TITLE || x.id == DATE) && !blank(&x, e))
            return false;
    }
    return true;
}

/* The time of a block stands behind the number of its track, in ticks from the cluster's. */
static void read_block(const struct element *x, struct looking *l)
{
    uint64_t track;
    size_t n;
    if (!number(x->at, x->len, 8, false, &track, &n) || x->len - n < 2)
        return;
    int64_t at = l->cluster + (int16_t)be16_get(x->at + n);
    if (at > l->last)
        l->last = at;
}

static bool read_cluster(struct element *cluster, struct looking *l, struct err *e)
{
    struct element x, y;
    for (size_t at = 0; at < cluster->len;) {
        if (!next_element(cluster->at, cluster->len, &at, &x))
            return media_broken(e);
        if (x.id == TIME)
            l->cluster = (int64_t)(integer(&x) & INT32_MAX);
        if (x.id == SIMPLE_BLOCK)
            read_block(&x, l);
        for (size_t in = 0; x.id == BLOCK_GROUP && in < x.len;) {
            if (!next_element(x.at, x.len, &in, &y))
                return media_broken(e);
            if (y.id == BLOCK)
                read_block(&y, l);
        }
    }
    return true;
}

static bool read_top(struct element *x, struct looking *l, struct err *e)
{
    switch (x->id) {
    case INFO:
        return read_info(x, l, e);
    case TRACKS:
        return read_tracks(x, l, e);
    case CLUSTER:
        return read_cluster(x, l, e);
    case TAGS:
    case CHAPTERS:
    case ATTACHMENTS:
        return blank(x, e);
    case VOID:
        memset(x->at, 0, x->len);
        return true;
    default:
        return true;
    }
}

static bool read_segment(struct element *segment, struct looking *l, struct err *e)
{
    struct element x;
    for (size_t at = 0; at < segment->len;)
        if (!next_element(segment->at, segment->len, &at, &x))
            return media_broken(e);
        else if (!read_top(&x, l, e))
            return false;
    return true;
}

static bool is_webm(struct bytes f)
{
    return f.len >= 4 && be32_get(f.at) == EBML;
}

static bool is_web_document(struct element *head)
{
    struct element x;
    for (size_t at = 0; at < head->len && next_element(head->at, head->len, &at, &x);)
        if (x.id == DOC_TYPE)
            return has_text(&x, "webm");
    return false;
}

static bool read_webm(struct arena *a, struct bytes f, struct attached *out, struct err *e)
{
    unsigned char *p = arena_copy(a, f.at, f.len);
    struct element head, segment;
    struct looking l = {.scale = 1000000};
    size_t at = 0;
    if (!next_element(p, f.len, &at, &head) || head.id != EBML)
        return media_broken(e);
    if (!is_web_document(&head))
        return media_unplayed(e, "Matroska 只接受 WebM");
    if (!next_element(p, f.len, &at, &segment) || segment.id != SEGMENT || at != f.len)
        return media_broken(e);
    if (!read_segment(&segment, &l, e))
        return false;
    if (l.films > 1 || l.sounds > 1)
        return media_unplayed(e, "WebM 中只能有一路画面和一路声音");
    if (l.films + l.sounds == 0)
        return media_broken(e);
    double ticks = l.duration > 0 ? l.duration : (double)l.last;
    double ms = ticks * (double)l.scale / 1e6;
    out->type = l.films ? "video/webm" : "audio/webm";
    out->width = l.films ? l.width : 0;
    out->height = l.films ? l.height : 0;
    out->duration_ms = ms < (double)INT32_MAX ? (int64_t)ms : INT32_MAX;
    out->bytes = (struct bytes){p, f.len};
    return true;
}

const struct media_container media_container_webm = {"webm", is_webm, read_webm};
