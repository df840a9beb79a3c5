/* programme/fixture.h - for the tests of this folder: the embedded programmes and sample files. */
#ifndef PROGRAMME_FIXTURE_H
#define PROGRAMME_FIXTURE_H

#include "programme/expression.h"
#include "programme/programme.h"

struct arena;
struct json_t;

const struct programme *fixture_programme(struct arena *a, const char *id);
struct json_t *fixture_json(struct arena *a, const char *text);
struct json_t *fixture_file(struct arena *a, const char *name);
enum verdict fixture_verdict(const char *name);

#endif
