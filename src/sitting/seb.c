/* sitting/seb.c - settings, keys and hashes of Safe Exam Browser. */
#include "sitting/seb.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"

enum { SEB_DEPTH_MAX = 8 };

static void hex_key(const unsigned char hash[HASH_BYTES], char key[SEB_KEY_TEXT])
{
    hex_write(key, hash, HASH_BYTES);
}

/* --- growing text ------------------------------------------------------------------------------- */
struct text {
    struct arena *a;
    char *at;
    size_t len, room;
};

static void put(struct text *t, const char *piece)
{
    size_t n = strlen(piece);
    if (t->len + n + 1 > t->room) {
        size_t room = 2 * (t->len + n) + 256;
        char *more = arena_alloc(t->a, room, 1);
        if (t->len > 0)
            memcpy(more, t->at, t->len);
        t->at = more;
        t->room = room;
    }
    memcpy(t->at + t->len, piece, n + 1);
    t->len += n;
}

static void put_number(struct text *t, json_int_t n)
{
    put(t, arena_printf(t->a, "%lld", (long long)n));
}

/* --- SEB-JSON ----------------------------------------------------------------------------------- */
static int by_name(const void *a, const void *b)
{
    return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

static const char **names_of(struct arena *a, const json_t *object, size_t *count)
{
    const char **names = arena_array(a, const char *, json_object_size(object) + 1);
    const char *name;
    json_t *value;
    *count = 0;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        bool empty = json_is_object(value) && json_object_size(value) == 0;
        if (!empty && strcmp(name, "originatorVersion") != 0)
            names[(*count)++] = name;
    }
    qsort(names, *count, sizeof *names, by_name);
    return names;
}

static bool put_value(struct text *t, const json_t *v, int depth, struct err *e);

static bool put_object(struct text *t, const json_t *v, int depth, struct err *e)
{
    size_t count;
    const char **names = names_of(t->a, v, &count);
    put(t, "{");
    for (size_t i = 0; i < count; i++) {
        put(t, i ? ",\"" : "\"");
        put(t, names[i]);
        put(t, "\":");
        if (!put_value(t, json_object_get(v, names[i]), depth + 1, e))
            return false;
    }
    put(t, "}");
    return true;
}

static bool put_array(struct text *t, const json_t *v, int depth, struct err *e)
{
    put(t, "[");
    for (size_t i = 0; i < json_array_size(v); i++) {
        if (i)
            put(t, ",");
        if (!put_value(t, json_array_get(v, i), depth + 1, e))
            return false;
    }
    put(t, "]");
    return true;
}

static bool put_value(struct text *t, const json_t *v, int depth, struct err *e)
{
    if (depth > SEB_DEPTH_MAX)
        return FAIL(e, INTERNAL, "seb", "SEB 设置的层次太深。");
    if (json_is_object(v))
        return put_object(t, v, depth, e);
    if (json_is_array(v))
        return put_array(t, v, depth, e);
    if (json_is_string(v)) {
        put(t, "\"");
        put(t, json_string_value(v));
        put(t, "\"");
    } else if (json_is_integer(v)) {
        put_number(t, json_integer_value(v));
    } else if (json_is_boolean(v)) {
        put(t, json_is_true(v) ? "true" : "false");
    } else {
        return FAIL(e, INTERNAL, "seb", "SEB 设置中有不能写的值。");
    }
    return true;
}

bool seb_json(struct arena *a, const json_t *settings, struct bytes *out, struct err *e)
{
    struct text t = {.a = a};
    if (!json_is_object(settings))
        return FAIL(e, INTERNAL, "seb", "没有 SEB 设置。");
    if (!put_object(&t, settings, 0, e))
        return false;
    *out = (struct bytes){(const unsigned char *)t.at, t.len};
    return true;
}

bool seb_config_key(struct arena *a, const json_t *settings, char key[SEB_KEY_TEXT],
                    struct err *e)
{
    struct bytes text;
    unsigned char hash[HASH_BYTES];
    if (!seb_json(a, settings, &text, e))
        return false;
    hash_of(hash, text.at, text.len);
    hex_key(hash, key);
    return true;
}

void seb_request_hash(const char *url, const char key[SEB_KEY_TEXT], char out[SEB_KEY_TEXT])
{
    struct hash_state h;
    unsigned char hash[HASH_BYTES];
    hash_begin(&h);
    hash_add(&h, url, strcspn(url, "#"));
    hash_add(&h, key, SEB_KEY_TEXT - 1);
    hash_end(&h, hash);
    hex_key(hash, out);
}

/* --- property list ------------------------------------------------------------------------------ */
static void put_escaped(struct text *t, const char *value)
{
    for (const char *c = value; *c; c++) {
        const char one[] = {*c, '\0'};
        put(t, *c == '&' ? "&amp;" : *c == '<' ? "&lt;" : *c == '>' ? "&gt;" : one);
    }
}

/* SEB reads these members as data, given here as base64. */
static bool is_data(const char *name)
{
    return strcmp(name, "examKeySalt") == 0;
}

static bool put_plist(struct text *t, const char *name, const json_t *v, int depth,
                      struct err *e)
{
    const char *member;
    json_t *value;
    if (depth > SEB_DEPTH_MAX)
        return FAIL(e, INTERNAL, "seb", "SEB 设置的层次太深。");
    if (json_is_object(v)) {
        put(t, "<dict>");
        json_object_foreach((json_t *)(uintptr_t)v, member, value)
        {
            put(t, "<key>");
            put_escaped(t, member);
            put(t, "</key>");
            if (!put_plist(t, member, value, depth + 1, e))
                return false;
        }
        put(t, "</dict>\n");
    } else if (json_is_array(v)) {
        put(t, "<array>");
        for (size_t i = 0; i < json_array_size(v); i++)
            if (!put_plist(t, "", json_array_get(v, i), depth + 1, e))
                return false;
        put(t, "</array>\n");
    } else if (json_is_string(v)) {
        put(t, is_data(name) ? "<data>" : "<string>");
        put_escaped(t, json_string_value(v));
        put(t, is_data(name) ? "</data>\n" : "</string>\n");
    } else if (json_is_integer(v)) {
        put(t, "<integer>");
        put_number(t, json_integer_value(v));
        put(t, "</integer>\n");
    } else if (json_is_boolean(v)) {
        put(t, json_is_true(v) ? "<true/>\n" : "<false/>\n");
    } else {
        return FAIL(e, INTERNAL, "seb", "SEB 设置中有不能写的值。");
    }
    return true;
}

bool seb_file(struct arena *a, const json_t *settings, struct bytes *out, struct err *e)
{
    struct text t = {.a = a};
    put(&t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
            "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n");
    if (!put_plist(&t, "", settings, 0, e))
        return false;
    put(&t, "</plist>\n");
    *out = (struct bytes){(const unsigned char *)t.at, t.len};
    return true;
}

/* --- ours --------------------------------------------------------------------------------------- */
/* The filter wants host and path with a star, without the scheme. */
static const char *filter_of(struct arena *a, const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    return arena_printf(a, "%.*s/*", (int)strcspn(host, "/"), host);
}

static void set_place(struct arena *a, json_t *s, const char *start_url)
{
    json_t *rule = json_object(), *rules = json_array();
    json_object_set_new(rule, "active", json_true());
    json_object_set_new(rule, "regex", json_false());
    json_object_set_new(rule, "action", json_integer(1));
    json_object_set_new(rule, "expression", json_string(filter_of(a, start_url)));
    json_array_append_new(rules, rule);
    json_object_set_new(s, "startURL", json_string(start_url));
    json_object_set_new(s, "URLFilterEnable", json_true());
    json_object_set_new(s, "URLFilterRules", rules);
}

json_t *seb_settings_at(struct arena *a, const json_t *settings, const char *start_url)
{
    json_t *s = json_keep(a, json_deep_copy(settings));
    set_place(a, s, start_url);
    return s;
}

json_t *seb_settings(struct arena *a, const char *start_url, const char *quit_hash,
                     const unsigned char salt[32])
{
    static const char *const off[] = {
        "allowSpellCheck",
        "allowDictionaryLookup",
        "allowPreferencesWindow",
        "allowSwitchToApplications",
        "enablePrintScreen",
        "allowVirtualMachine",
        "allowScreenSharing",
        "allowDownUploads",
        "allowSiri",
        "allowDictation",
        "enableRightMouse",
        "newBrowserWindowNavigation",
    };
    json_t *s = json_keep(a, json_object());
    json_object_set_new(s, "originatorVersion", json_string("Heng"));
    set_place(a, s, start_url);
    json_object_set_new(s, "sendBrowserExamKey", json_true());
    json_object_set_new(s, "examKeySalt", json_string(base64_write(a, salt, 32)));
    json_object_set_new(s, "allowQuit", json_boolean(!quit_hash));
    if (quit_hash)
        json_object_set_new(s, "hashedQuitPassword", json_string(quit_hash));
    /* A reload is how an exam PC comes back from anything: it must stay possible. */
    json_object_set_new(s, "browserWindowAllowReload", json_true());
    json_object_set_new(s, "showReloadButton", json_true());
    json_object_set_new(s, "browserViewMode", json_integer(1));
    json_object_set_new(s, "newBrowserWindowByLinkPolicy", json_integer(0));
    json_object_set_new(s, "allowVideoCapture", json_true());
    json_object_set_new(s, "allowAudioCapture", json_true());
    for (size_t i = 0; i < sizeof off / sizeof *off; i++)
        json_object_set_new(s, off[i], json_false());
    return s;
}
