/* tools/tidy.h - put before each source by tools/check-tidy alone: the analyser sees one file at a time, so
 * it is told what the headers promise, that FAIL is always false. */
#ifndef __ASSEMBLER__
#include "base/err.h"
#undef FAIL
#define FAIL(e, code, field, ...)                                                              \
    (err_set((e), ERR_##code, __FILE__, __LINE__, (field), __VA_ARGS__), false)
#endif
