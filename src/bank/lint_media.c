/* bank/lint_media.c - what an item's words promise of pictures, sounds and films, and what it has of them. */
#include <jansson.h>
#include <string.h>

#include "bank/lint_report.h"
#include "base/arena.h"
#include "base/json.h"

/* A question that one mark or the machine scores has about a minute of a paper; listening may take
 * three of them. What a person marks is asked a few times a paper at most. */
enum { LISTEN_MS = 180000, LISTEN_LONG_MS = 600000 };

enum sense { SEE, HEAR, WATCH };

/* Words that point at something beside the text. "线上图书", "一张下图" of a poster point at nothing: where
 * BEFORE is set, one of its characters, a mark, a space or nothing stands before the word. */
#define POINTS_FROM "如见看据察照按在对与和由从及把将"
static const struct {
    const char *word, *before;
    enum sense sense;
} pointing[] = {
    {"上图", POINTS_FROM, SEE},  {"下图", POINTS_FROM, SEE},    {"左图", POINTS_FROM, SEE},
    {"右图", POINTS_FROM, SEE},  {"附图", POINTS_FROM, SEE},    {"如图所示", NULL, SEE},
    {"按图中", NULL, SEE},       {"图中所示", NULL, SEE},       {"看图回答", NULL, SEE},
    {"这张图", NULL, SEE},       {"这幅图", NULL, SEE},         {"上面的图", NULL, SEE},
    {"下面的图", NULL, SEE},     {"听录音", NULL, HEAR},        {"听音频", NULL, HEAR},
    {"听下面", NULL, HEAR},      {"听一段", NULL, HEAR},        {"听这段", NULL, HEAR},
    {"上面的录音", NULL, HEAR},  {"下面的录音", NULL, HEAR},    {"上面的音频", NULL, HEAR},
    {"下面的音频", NULL, HEAR},  {"看下面的视频", NULL, WATCH}, {"看这段视频", NULL, WATCH},
    {"看视频回答", NULL, WATCH}, {"上面的视频", NULL, WATCH},   {"下面的视频", NULL, WATCH},
};

static const char *const said_of[] = {[SEE] = "图片", [HEAR] = "音频", [WATCH] = "视频"};

static const char *character_before(const char *text, const char *at)
{
    do
        at--;
    while (at > text && ((unsigned char)*at & 0xC0) == 0x80);
    return at;
}

static bool is_letter(const char *c, size_t len)
{
    if (len == 1)
        return (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
    /* Chinese marks lie below U+3100 and from U+FF00: E2…, E3 80 … E3 83, EF…. */
    return len == 3 && (unsigned char)*c >= 0xE3 && (unsigned char)*c < 0xEF &&
           !((unsigned char)*c == 0xE3 && (unsigned char)c[1] < 0x84);
}

static bool points_at(const char *text, const char *word, const char *before)
{
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
        if (!before || at == text)
            return true;
        const char *c = character_before(text, at);
        size_t len = (size_t)(at - c);
        if (!is_letter(c, len) || memmem(before, strlen(before), c, len))
            return true;
    }
    return false;
}

/* What a candidate is shown of this item. */
struct shown {
    size_t pictures, sounds, films;
    int64_t listen_ms;
};

static bool has(const struct shown *s, enum sense sense)
{
    if (sense == SEE)
        return s->pictures + s->films > 0;
    return sense == HEAR ? s->sounds + s->films > 0 : s->films > 0;
}

static void check_promises(struct linting *l, const struct item *it, const char *text,
                           const struct shown *s)
{
    bool said[3] = {false};
    for (size_t i = 0; i < sizeof pointing / sizeof *pointing; i++) {
        enum sense sense = pointing[i].sense;
        if (said[sense] || has(s, sense) ||
            !points_at(text, pointing[i].word, pointing[i].before))
            continue;
        said[sense] = true;
        lint_say(l, it->meta.id, "题中写了“%s”，却没有给考生看的%s。", pointing[i].word,
                 said_of[sense]);
    }
}

/* "1.png", "音频", its own id: says nothing to who does not see or hear it. */
static bool says_nothing(const char *alt, const char *id)
{
    static const char *const empty[] = {"图",   "图片", "照片", "截图", "配图", "插图",
                                        "音频", "录音", "声音", "视频", "影片", "短片"};
    static const char *const endings[] = {".png", ".jpg", ".jpeg", ".mp3", ".wav",
                                          ".m4a", ".ogg", ".mp4",  ".webm"};
    size_t n = strlen(alt);
    if (strcmp(alt, id) == 0)
        return true;
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        if (strcmp(alt, empty[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t len = strlen(endings[i]);
        if (n > len && strcasecmp(alt + n - len, endings[i]) == 0)
            return true;
    }
    return false;
}

/* The words of a right option stand in it, and of no wrong one. */
static bool tells_key(const char *alt, const json_t *question)
{
    const json_t *options = json_object_get(question, "options"),
                 *key = json_object_get(question, "key");
    bool right = false;
    for (size_t i = 0; i < json_array_size(options); i++) {
        const char *option = json_string_value(json_array_get(options, i));
        if (!option || text_characters(option) < 2 || !strstr(alt, option))
            continue;
        if (!option_is_key(key, i))
            return false;
        right = true;
    }
    return right;
}

static void check_alt(struct linting *l, const struct item *it, const char *id, const char *alt)
{
    const json_t *parts = json_object_get(it->json, "items");
    bool tells = tells_key(alt, it->json);
    for (size_t i = 0; i < json_array_size(parts); i++)
        tells |= tells_key(alt, json_array_get(parts, i));
    if (says_nothing(alt, id))
        lint_say(l, it->meta.id, "%s 的替代文字“%s”没有说明内容。", id, alt);
    else if (tells)
        lint_say(l, it->meta.id, "%s 的替代文字写出了答案。", id);
}

static void check_medium(struct linting *l, const struct item *it, const struct item_media *m,
                         bool shown)
{
    bool film = media_is_film(m->type), words = m->transcript && *m->transcript,
         silent = film && strstr(m->alt, "没有声音");
    const char *what = film ? "视频" : "音频";
    check_alt(l, it, m->id, m->alt);
    if (!shown && m->plays > 0)
        lint_say(l, it->meta.id, "%s %s 限定了播放次数，却只在解析或评分说明中出现。", what,
                 m->id);
    else if (shown && m->plays == 0 && !words && !silent)
        lint_say(l, it->meta.id,
                 "%s %s 没有文字稿，听不见的考生无从作答。考的就是听辨时，请限定播放次数%s。",
                 what, m->id, film ? "；无声的视频请在替代文字中写明“没有声音”" : "");
    else if (shown && m->plays > 0 && words)
        lint_say(l, it->meta.id, "%s %s 限定播放 %lld 次，却给了文字稿，限定没有作用。", what,
                 m->id, (long long)m->plays);
}

/* How long the item may be listened to. */
static int64_t time_of(const struct item *it)
{
    const struct item_part *parts = NULL;
    const struct item_part whole = {.kind = it->kind};
    size_t count = it->kind->parts ? it->kind->parts(it->body, &parts) : 0;
    int64_t ms = 0;
    for (size_t i = 0; i < (count ? count : 1); i++) {
        const char *kind = (count ? &parts[i] : &whole)->kind->name;
        bool long_one = strcmp(kind, "short") == 0 || strcmp(kind, "upload") == 0;
        ms += long_one ? LISTEN_LONG_MS : LISTEN_MS;
    }
    return ms;
}

static void check_twice(struct linting *l, const struct item_meta *m)
{
    for (size_t i = 0; i < m->picture_count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(m->pictures[i].sha256, m->pictures[k].sha256) == 0)
                lint_say(l, m->id, "图片 %s 与 %s 是同一个文件，列一次即可。",
                         m->pictures[k].id, m->pictures[i].id);
    for (size_t i = 0; i < m->media_count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(m->media[i].sha256, m->media[k].sha256) == 0)
                lint_say(l, m->id, "音视频 %s 与 %s 是同一个文件，列一次即可。", m->media[k].id,
                         m->media[i].id);
}

void lint_media(struct linting *l, const struct item *it)
{
    const struct item_meta *m = &it->meta;
    struct shown s = {0};
    for (size_t i = 0; i < m->picture_count; i++) {
        s.pictures += picture_is_shown(l->arena, it, &m->pictures[i]);
        check_alt(l, it, m->pictures[i].id, m->pictures[i].alt);
    }
    for (size_t i = 0; i < m->media_count; i++) {
        const struct item_media *one = &m->media[i];
        bool shown = media_is_shown(l->arena, it, one);
        check_medium(l, it, one, shown);
        if (!shown)
            continue;
        *(media_is_film(one->type) ? &s.films : &s.sounds) += 1;
        s.listen_ms += one->duration_ms * (one->plays ? one->plays : 1);
    }
    check_promises(l, it, item_shown_text(l->arena, it), &s);
    check_twice(l, m);
    if (s.listen_ms > time_of(it))
        lint_say(l, m->id, "听完音视频要 %lld 秒，这道题至多宜用 %lld 秒。",
                 (long long)((s.listen_ms + 999) / 1000), (long long)(time_of(it) / 1000));
}
