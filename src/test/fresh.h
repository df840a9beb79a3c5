/* test/fresh.h - inside test/: an empty SQLite database without what it takes to make one. */
#ifndef TEST_FRESH_H
#define TEST_FRESH_H

/* Writes what the migrations make to PATH; they run once a process. */
void fresh_database_write(const char *path);

#endif
