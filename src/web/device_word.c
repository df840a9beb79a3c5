/* web/device_word.c - a browser as its owner would name it. */
#include "web/device_word.h"

#include <stdio.h>
#include <string.h>

struct mark {
    const char *part, *word;
};

/* The first that fits: Edge says Chrome too, and Chrome says Safari. */
static const struct mark browsers[] = {
    {"MicroMessenger", "微信"}, {"Edg/", "Edge"},      {"Firefox/", "Firefox"},
    {"Chrome/", "Chrome"},      {"Safari/", "Safari"}, {"", "浏览器"},
};
static const struct mark systems[] = {
    {"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},
    {"Mac OS", "macOS"},    {"Linux", "Linux"},     {"", "未知系统"},
};

static const char *first(const struct mark *marks, const char *text)
{
    while (!strstr(text, marks->part))
        marks++;
    return marks->word;
}

void device_word(const char *user_agent, char *out, unsigned long out_bytes)
{
    if (!user_agent)
        user_agent = "";
    snprintf(out, out_bytes, "%s · %s", first(browsers, user_agent),
             first(systems, user_agent));
}
