/* bank/media_container.h - what each container of sounds and films can do: be recognised, be looked through.
 *
 * A reader walks the structure to its end. It refuses what browsers do not play and what it does not
 * understand, and blanks what is neither sound nor picture: titles, names, places, covers. */
#ifndef BANK_MEDIA_CONTAINER_H
#define BANK_MEDIA_CONTAINER_H

#include <stdbool.h>

#include "bank/attached.h"
#include "base/err.h"

struct arena;

struct media_container {
    const char *name;
    bool (*is)(struct bytes file); /* by its first bytes */
    /* Type, measures, duration and bytes of OUT. MEDIA or INVALID at "/media". */
    bool (*read)(struct arena *a, struct bytes file, struct attached *out, struct err *e);
};

#define MEDIA_CONTAINER(name) extern const struct media_container media_container_##name;
#include "bank/media_containers.def"
#undef MEDIA_CONTAINER

/* MEDIA at "/media": another coding than those that are played. */
bool media_unplayed(struct err *e, const char *coding);
/* INVALID at "/media": cut off, or not what it says it is. */
bool media_broken(struct err *e);

#endif
