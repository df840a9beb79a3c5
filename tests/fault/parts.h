/* fault/parts.h - the parts, as parts.def has them. */
#ifndef FAULT_PARTS_H
#define FAULT_PARTS_H

struct part;
#define PART(name, what) void part_##name(struct part *p);
#include "parts.def"
#undef PART

#endif
