/* app/command.h - what every sub-command of `heng` has in common.
 *
 * Exit codes: 0 done, 1 the answer is no, 2 bad usage or input, 3 the system failed. Results go to
 * stdout, sentences to stderr. */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct json_out;

enum exit_code { EXIT_DONE = 0, EXIT_NO = 1, EXIT_INPUT = 2, EXIT_SYSTEM = 3 };

/* ARGV[0] is the first word behind the command's name. The arena lives until the end. */
typedef int command_fn(struct arena *a, int argc, char **argv);

#define COMMAND(name, usage, function) command_fn function;
#include "app/commands.def"
#undef COMMAND

/* An option --name of a command; a value follows unless it is OPTION_FLAG. */
/* OPTION_FOLDER: a text without the slashes at its end, so that what stands beside it is beside it. */
enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_FOLDER,
    OPTION_INT,
    OPTION_REAL,
    OPTION_DATE
};

struct option {
    const char *name; /* "--level" */
    enum option_kind kind;
    void *to; /* bool *, const char **, int64_t *, double *, date_days * */
    bool required;
};

/* Options may stand anywhere; what is left are the arguments, between min and max of them.
 * `--` ends the options. The error's field is the option's or argument's name. */
struct arguments {
    const char **at;
    size_t count, min, max;
};

bool options_read(struct arena *a, const struct option *rows, size_t count, int argc,
                  char **argv, struct arguments *rest, struct err *e) MUST_USE;
#define OPTIONS_READ(a, rows, argc, argv, rest, e)                                             \
    options_read((a), (rows), sizeof(rows) / sizeof *(rows), (argc), (argv), (rest), (e))

/* Prints "field: sentence" on stderr and gives the exit code for the error. */
int command_failed(const struct err *e);
/* Where the CBC program is, or NULL. */
const char *assemble_cbc(void);
/* Prints the JSON and a newline on stdout. */
void command_print(struct json_out *o);

#endif
