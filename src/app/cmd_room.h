/* app/cmd_room.h - what `heng room` can do: each has a file cmd_room_<name>.c. */
#ifndef APP_CMD_ROOM_H
#define APP_CMD_ROOM_H

struct arena;

/* ARGV begins behind the name. Returns the exit code. */
int cmd_room_verify(struct arena *a, int argc, char **argv);

#endif
