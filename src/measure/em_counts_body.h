/* measure/em_counts_body.h - the hot loop of the general E-step, for float and for double.
 * No guard: em_counts.c includes it twice with REAL, EXP_ALL and NAME set. */

/* Adds a person's posterior to the bins of the groups; returns the weighted log-likelihood. */
KERNEL static double NAME(const struct em *m, size_t from, size_t to, double *node_count)
{
    const size_t room = m->nodes_room, groups = m->group_count;
    const REAL *table = m->table;
    REAL *bins = m->bins, post[NODES_ROOM_MAX], prior[NODES_ROOM_MAX], sums[NODES_ROOM_MAX];
    size_t start[GROUPS_MAX];
    double total = 0;
    for (size_t g = 0, row = 0; g < groups; row += m->groups[g++].codes)
        start[g] = row * room;
    for (size_t q = 0; q < room; q++) {
        prior[q] = (REAL)(q < m->form->nodes ? m->log_weight[q] : -1e30);
        sums[q] = 0;
    }
    for (size_t i = from; i < to; i++) {
        const uint8_t *code = m->codes + i * groups;
        for (size_t c = 0; c < room; c += CHUNK) {
            REAL acc[CHUNK];
            for (size_t q = 0; q < CHUNK; q++)
                acc[q] = prior[c + q];
            for (size_t g = 0; g < groups; g++) {
                const REAL *t = table + start[g] + code[g] * room + c;
                for (size_t q = 0; q < CHUNK; q++)
                    acc[q] += t[q];
            }
            for (size_t q = 0; q < CHUNK; q++)
                post[c + q] = acc[q];
        }
        REAL lane[CHUNK], top = post[0];
        for (size_t q = 0; q < CHUNK; q++)
            lane[q] = post[q];
        for (size_t c = CHUNK; c < room; c += CHUNK)
            for (size_t q = 0; q < CHUNK; q++)
                lane[q] = post[c + q] > lane[q] ? post[c + q] : lane[q];
        for (size_t q = 0; q < CHUNK; q++)
            top = lane[q] > top ? lane[q] : top;
        EXP_ALL(post, top, room);
        REAL sum = 0;
        for (size_t q = 0; q < CHUNK; q++)
            lane[q] = post[q];
        for (size_t c = CHUNK; c < room; c += CHUNK)
            for (size_t q = 0; q < CHUNK; q++)
                lane[q] += post[c + q];
        for (size_t q = 0; q < CHUNK; q++)
            sum += lane[q];
        double weight = m->data->weight[i];
        total += weight * ((double)top + log((double)sum));
        REAL scale = (REAL)(weight / (double)sum);
        size_t first = room, last = 0; /* the vectors that hold anything */
        for (size_t c = 0; c < room; c += CHUNK) {
            REAL most = 0;
            for (size_t q = 0; q < CHUNK; q++) {
                post[c + q] *= scale;
                sums[c + q] += post[c + q];
                lane[q] = post[c + q];
            }
            for (size_t half = CHUNK / 2; half > 0; half /= 2)
                for (size_t q = 0; q < half; q++)
                    lane[q] = lane[q + half] > lane[q] ? lane[q + half] : lane[q];
            most = lane[0];
            if (most > NOTHING * (REAL)weight) {
                first = c < first ? c : first;
                last = c + CHUNK;
            }
        }
        for (size_t g = 0; g < groups; g++) {
            REAL *b = bins + start[g] + code[g] * room;
            for (size_t c = first; c < last; c += CHUNK)
                for (size_t q = 0; q < CHUNK; q++)
                    b[c + q] += post[c + q];
        }
    }
    for (size_t q = 0; q < m->form->nodes; q++)
        node_count[q] += (double)sums[q];
    return total;
}
