/* app/cmd_room.c - `heng room …`. */
#include "app/cmd_room.h"

#include <string.h>

#include "app/command.h"
#include "base/err.h"

int cmd_room(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    if (argc > 0 && strcmp(argv[0], "verify") == 0)
        return cmd_room_verify(a, argc - 1, argv + 1);
    FAIL(&e, INVALID, "room", "room 只有 verify。");
    return command_failed(&e);
}
