/* bank/exchange.c - reads and writes items of other systems, and says what was not carried. */
#include "bank/exchange.h"

#include <glib.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bank/exchange_note.h"
#include "bank/item.h"
#include "base/arena.h"
#include "base/cage.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/text_out.h"

enum { EXCHANGE_ITEMS_MAX = 100000, EXCHANGE_LOSSES_MAX = 200000, ID_MAX = 64 };

#define EXCHANGE_FORMAT(name) &exchange_format_##name,
static const struct exchange_format *const formats[] = {
#include "bank/formats.def"
};
#undef EXCHANGE_FORMAT

const struct exchange_format *exchange_format_at(size_t i)
{
    return i < sizeof formats / sizeof *formats ? formats[i] : NULL;
}

const struct exchange_format *exchange_format_find(const char *name)
{
    const struct exchange_format *f;
    for (size_t i = 0; (f = exchange_format_at(i)); i++)
        if (name && strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

/* Cut by %.60s as it may be: a character that the cut fell into would break the whole report. */
static const char *whole_text(struct arena *a, const char *text)
{
    char *copy = arena_text(a, text);
    text_mend(copy);
    return copy;
}

void exchange_lose(struct exchange *x, const char *item, const char *element, const char *fmt,
                   ...)
{
    char text[ERR_TEXT_BYTES];
    va_list list;
    if (x->loss_count == EXCHANGE_LOSSES_MAX)
        return;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    if (x->loss_count == x->loss_room) {
        size_t room = x->loss_room ? x->loss_room * 2 : 32;
        x->losses = arena_grow(x->arena, x->losses, x->loss_room, room, sizeof *x->losses);
        x->loss_room = room;
    }
    x->losses[x->loss_count++] = (struct exchange_loss){
        .item = whole_text(x->arena, item ? item : ""),
        .name = "",
        .element = whole_text(x->arena, element),
        .sentence = whole_text(x->arena, text),
    };
}

/* --- reading --------------------------------------------------------------------------------- */
/* What the file calls the question, if it can be an id; else the format and its number. */
static const char *id_of(struct exchange *x, const char *name)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const char *id = name;
    if (!name || !*name || strlen(name) > ID_MAX || name[strspn(name, plain)]) {
        id = arena_printf(x->arena, "%s-%04zu", x->format->name,
                          json_array_size(x->items) + x->refused + 1);
        if (name && *name)
            exchange_lose(x, id, "name", "题目名称“%.60s”不能作编号，改为 %s。", name, id);
    }
    return id;
}

static void rename_loss(struct exchange_loss *loss, const char *id)
{
    if (strcmp(loss->item, id) == 0)
        return;
    if (!*loss->name)
        loss->name = loss->item;
    loss->item = id;
}

/* Formats note losses before the question has its id: under what the file calls it. */
static void settle(struct exchange *x, const char *id, size_t place)
{
    for (; x->settled < x->loss_count; x->settled++) {
        struct exchange_loss *loss = &x->losses[x->settled];
        if (!*loss->item)
            continue;
        rename_loss(loss, id);
        loss->place = place;
    }
}

static void fill_in(json_t *object, const json_t *fill)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)fill, name, value) if (!json_object_get(object, name))
        json_object_set(object, name, value);
}

/* What every item needs and few formats hold; with stand-ins the rest can be judged without. */
static const json_t *stand_ins(struct arena *a)
{
    return json_keep(a, json_pack("{s:[i], s:[s], s:i, s:s, s:s, s:s}", "levels", 1, "points",
                                  "-", "difficulty", 3, "cognitive", "recall", "importance",
                                  "Y", "explanation", "-"));
}

const char *exchange_lacks(struct arena *a, const struct json_t *object)
{
    struct text_out o = {.arena = a};
    const char *name;
    json_t *value, *needed = (json_t *)stand_ins(a);
    json_object_foreach(needed, name, value) if (!json_object_get(object, name))
        text_putf(&o, "%s/%s", o.len ? " " : "", name);
    if (strcmp(json_member_text(object, "kind") ? json_member_text(object, "kind") : "",
               "short") == 0) {
        if (!json_object_get(object, "key"))
            text_putf(&o, "%s/key", o.len ? " " : "");
        if (!json_object_get(object, "guide"))
            text_putf(&o, "%s/guide", o.len ? " " : "");
    }
    return text_out_text(&o);
}

static bool is_sound(struct arena *a, const json_t *object, struct err *e)
{
    struct item item;
    json_t *trial = json_keep(a, json_deep_copy(object)), *part;
    size_t i;
    fill_in(trial, stand_ins(a));
    const json_t *essay = json_keep(
        a, json_pack("{s:s, s:[{s:s, s:i}]}", "key", "-", "guide", "point", "-", "marks", 1));
    const char *kind = json_member_text(trial, "kind");
    if (kind && strcmp(kind, "short") == 0)
        fill_in(trial, essay);
    json_array_foreach(json_object_get(trial, "items"), i, part)
    {
        kind = json_member_text(part, "kind");
        if (kind && strcmp(kind, "short") == 0)
            fill_in(part, essay);
    }
    return item_read(a, trial, &item, e);
}

void exchange_add(struct exchange *x, struct json_t *object, const char *name, const char *note)
{
    struct err e = {0};
    json_keep(x->arena, object);
    if (json_array_size(x->items) + x->refused == EXCHANGE_ITEMS_MAX) {
        exchange_lose(x, "", "", "一个文件最多 %d 道试题，其余未导入。", EXCHANGE_ITEMS_MAX);
        return;
    }
    if (!json_object_get(object, "id"))
        json_object_set_new(object, "id", json_string(id_of(x, name)));
    const char *id = json_member_text(object, "id");
    if (note)
        exchange_note_apply(x, object, id, note);
    fill_in(object, x->fill);
    id = arena_text(x->arena, json_member_text(object, "id"));
    if (x->trial || is_sound(x->arena, object, &e)) {
        json_array_append(x->items, object);
        settle(x, id, json_array_size(x->items));
        return;
    }
    x->refused++;
    exchange_lose(x, id, *e.field ? e.field : "/", "这道题未导入：%s", e.text);
    settle(x, id, 0);
}

void exchange_refuse(struct exchange *x, const char *name, const char *note,
                     const char *element, const char *why)
{
    if (note || x->trial) {
        exchange_add(x, json_object(), name, note);
        return;
    }
    x->refused++;
    exchange_lose(x, name, element, "%s", why);
    x->settled = x->loss_count;
}

/* Two questions of one name: the second keeps it with a number behind. */
static void make_ids_differ(struct exchange *x)
{
    json_t *seen = json_keep(x->arena, json_object()), *one;
    size_t i, before = x->loss_count;
    const char **now = arena_array(x->arena, const char *, json_array_size(x->items) + 1);
    json_array_foreach(x->items, i, one)
    {
        const char *id = json_member_text(one, "id"), *free_id = id;
        for (int n = 2; json_object_get(seen, free_id); n++)
            free_id = arena_printf(x->arena, "%.*s-%d", ID_MAX - 8, id, n);
        if (free_id != id) {
            exchange_lose(x, free_id, "name", "编号 %s 在文件中重复，这一道改为 %s。", id,
                          free_id);
            json_object_set_new(one, "id", json_string(free_id));
            now[i + 1] = free_id;
        }
        json_object_set_new(seen, free_id, json_true());
    }
    for (i = 0; i < before; i++)
        if (now[x->losses[i].place])
            rename_loss(&x->losses[i], now[x->losses[i].place]);
}

static void begin(struct arena *a, const struct exchange_format *f, struct exchange *out)
{
    *out = (struct exchange){.arena = a, .format = f, .items = json_keep(a, json_array())};
}

char *exchange_text(struct exchange *x, struct bytes file, struct err *e)
{
    const char *label = x->format->label;
    if (!g_utf8_validate_len((const char *)file.at, file.len, NULL)) {
        if (memchr(file.at, 0, file.len) && file.len > 1 && file.at[0] < 0x80)
            FAIL(e, INVALID, "file", "%s 文件中有 NUL 字符，不是文本文件。", label);
        else
            FAIL(e, INVALID, "file", "%s 文件不是 UTF-8 编码，请另存为 UTF-8 的文本。", label);
        return NULL;
    }
    return arena_copy(x->arena, file.at, file.len);
}

static struct bytes without_mark(struct bytes file)
{
    bool mark = file.len >= 3 && memcmp(file.at, "\xEF\xBB\xBF", 3) == 0;
    return mark ? (struct bytes){file.at + 3, file.len - 3} : file;
}

bool exchange_read(struct arena *a, const struct exchange_format *f, const struct json_t *fill,
                   struct bytes file, struct exchange *out, struct err *e)
{
    begin(a, f, out);
    out->fill = fill;
    if (!f->read(out, without_mark(file), e))
        return false;
    if (json_array_size(out->items) + out->refused == 0)
        exchange_lose(out, "", "/", "文件里没有试题。");
    make_ids_differ(out);
    return true;
}

/* --- writing --------------------------------------------------------------------------------- */
/* What the questions read back as, without notes, gives the notes. */
static bool make_notes(struct exchange *x, struct exchange_item *items, size_t count,
                       struct err *e)
{
    struct exchange trial, seen;
    struct bytes file;
    size_t at = 0;
    begin(x->arena, x->format, &trial);
    begin(x->arena, x->format, &seen);
    seen.trial = true;
    if (!x->format->write(&trial, items, count, &file, e) || !x->format->read(&seen, file, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!items[i].written)
            continue;
        const json_t *read = json_array_get(seen.items, at++);
        if (!read)
            return FAIL(e, STORE, "file", "写出的文件读回时缺少试题 %s。", items[i].id);
        items[i].note = exchange_note_make(x->arena, read,
                                           x->format->files
                                               ? attached_without_data(x->arena, items[i].whole)
                                               : items[i].whole);
        if (items[i].note)
            exchange_lose(x, items[i].id, exchange_note_members(x->arena, items[i].note),
                          "%s 没有这些项，写在衡的附注里：再导入衡时不丢，其他程序不读。",
                          x->format->label);
    }
    return true;
}

/* Nobody else draws numbers as we do: their programs get a template's example. */
static const json_t *shown(struct arena *a, const json_t *object)
{
    const struct item_kind *kind = item_kind_find(json_member_text(object, "kind"));
    struct item item, filled;
    struct err ignored = {0};
    if (kind && kind->drawing && item_read(a, object, &item, &ignored) &&
        item_fill(a, &item, NULL, &filled, &ignored))
        return filled.json;
    return object;
}

bool exchange_write(struct arena *a, const struct exchange_format *f,
                    const struct json_t *const *objects, size_t count, struct bytes *file,
                    struct exchange *out, struct err *e)
{
    struct exchange_item *items = arena_array(a, struct exchange_item, count + 1);
    begin(a, f, out);
    for (size_t i = 0; i < count; i++) {
        const char *id = json_member_text(objects[i], "id");
        if (!id)
            return FAIL(e, INVALID, "/id", "第 %zu 道试题没有编号。", i + 1);
        items[i] = (struct exchange_item){.id = id,
                                          .object = f->writes_all ? objects[i]
                                                                  : shown(a, objects[i]),
                                          .whole = objects[i]};
    }
    if ((f->notes && !make_notes(out, items, count, e)) ||
        !f->write(out, items, count, file, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (items[i].written)
            json_array_append(out->items, (json_t *)objects[i]);
        else
            out->refused++;
    return true;
}

/* --- the report, and the way out of the cage ---------------------------------------------------- */
static void losses_put(const struct exchange *x, struct json_out *o)
{
    put_array(o, "losses");
    for (size_t i = 0; i < x->loss_count; i++) {
        out_object(o);
        put_text(o, "item", x->losses[i].item);
        if (*x->losses[i].name)
            put_text(o, "name", x->losses[i].name);
        put_text(o, "element", x->losses[i].element);
        put_text(o, "sentence", x->losses[i].sentence);
        out_object_end(o);
    }
    out_array_end(o);
}

void exchange_report_put(const struct exchange *x, struct json_out *o)
{
    size_t i;
    const json_t *one;
    losses_put(x, o);
    put_int(o, "refused", (int64_t)x->refused);
    put_array(o, "incomplete");
    json_array_foreach(x->items, i, one)
    {
        const char *lacks = exchange_lacks(x->arena, one);
        if (!*lacks)
            continue;
        out_object(o);
        put_text(o, "item", json_member_text(one, "id"));
        put_text(o, "members", lacks);
        out_object_end(o);
    }
    out_array_end(o);
}

static bool read_packed(struct arena *a, struct bytes input, struct exchange *out,
                        struct err *e)
{
    const unsigned char *name_end = memchr(input.at, '\n', input.len);
    size_t name = name_end ? (size_t)(name_end - input.at) : 0;
    const unsigned char *fill_end = name_end ? memchr(name_end + 1, '\n', input.len - name - 1)
                                             : NULL;
    const struct exchange_format *f = fill_end
                                          ? exchange_format_find(arena_copy(a, input.at, name))
                                          : NULL;
    if (!f)
        return FAIL(e, INVALID, "/file", "没有这种格式。");
    size_t fill_len = (size_t)(fill_end - name_end - 1);
    const json_t *fill = fill_len ? json_read(a, name_end + 1, fill_len, e) : NULL;
    struct bytes file = {fill_end + 1, input.len - (size_t)(fill_end + 1 - input.at)};
    return (fill || fill_len == 0) && exchange_read(a, f, fill, file, out, e);
}

bool parse_exchange(struct arena *a, struct bytes input, struct bytes *out, struct err *e)
{
    struct exchange x;
    if (input.len == 0)
        return FAIL(e, INVALID, "/file", "文件是空的。");
    if (!read_packed(a, input, &x, e))
        return false;
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_json(o, "items", x.items);
    put_int(o, "refused", (int64_t)x.refused);
    losses_put(&x, o);
    out_object_end(o);
    *out = (struct bytes){(const unsigned char *)json_out_text(o), json_out_len(o)};
    return true;
}

bool exchange_read_upload(struct arena *a, const char *program, const struct exchange_format *f,
                          const struct json_t *fill, struct bytes file, struct exchange *out,
                          struct err *e)
{
    struct text_out in = {.arena = a};
    struct bytes answer;
    text_putf(&in, "%s\n", f->name);
    text_put(&in, fill ? json_compact(a, fill) : NULL);
    text_put(&in, "\n");
    text_put_bytes(&in, (const char *)file.at, file.len);
    struct cage_job job = {program, PARSE_exchange, parse_exchange, text_out_bytes(&in)};
    if (!cage_run(a, &job, &answer, e))
        return false;
    const json_t *said = json_read(a, answer.at, answer.len, e), *losses;
    if (!said)
        return false;
    begin(a, f, out);
    losses = json_object_get(said, "losses");
    out->refused = (size_t)json_member_int(said, "refused", 0);
    if (json_is_array(json_object_get(said, "items")))
        out->items = json_object_get(said, "items");
    for (size_t i = 0; i < json_array_size(losses); i++) {
        const json_t *one = json_array_get(losses, i);
        const char *sentence = json_member_text(one, "sentence");
        exchange_lose(out, json_member_text(one, "item"),
                      json_member_text(one, "element") ? json_member_text(one, "element") : "",
                      "%s", sentence ? sentence : "");
        const char *name = json_member_text(one, "name");
        if (name && out->loss_count)
            out->losses[out->loss_count - 1].name = arena_text(a, name);
    }
    return true;
}
