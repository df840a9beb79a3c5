/* app/cmd_bank.h - the halves of `heng bank`. */
#ifndef APP_CMD_BANK_H
#define APP_CMD_BANK_H

struct arena;

/* `import FILE --format F …` and `export [PATH] --format F …`; ARGV[0] is the word. */
int bank_exchange(struct arena *a, int argc, char **argv);

#endif
