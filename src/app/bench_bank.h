/* app/bench_bank.h - what `heng bench bank` looks back on: a sitting of many, whole and published. */
#ifndef APP_BENCH_BANK_H
#define APP_BENCH_BANK_H

#include "app/bench_deliver_stage.h"

/* The stage's candidates all sit, and its session stands in BATCH. The server must not run. */
bool bench_sit(struct stage *stage, struct id batch, struct err *e) MUST_USE;

#endif
