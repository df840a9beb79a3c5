/* paper/assemble_cbc.c - small cases exactly: branch and bound by CBC in a child process that has
 * a folder of its own, little time and no terminal. Its answer is only a proposal, checked like any
 * other. */
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "paper/assemble_model.h"

enum { BINARIES_MAX = 2000, FILTER_ROWS_MAX = 60, ANSWER_BYTES_MAX = 8 << 20 };

bool exact_fits(const struct model *m)
{
    size_t rows = 0;
    for (size_t g = 0; g < m->type_count; g++)
        rows += m->type[g].row_count * m->type[g].forms;
    return m->pair_budget < 0 && m->items * m->forms <= BINARIES_MAX && rows <= BINARIES_MAX;
}

struct writer {
    FILE *f;
    const struct model *m;
    const bool *leave_out;
    size_t row, filter_row;
    int on_line;
};

static void term(struct writer *w, double factor, const char *name, size_t form, uint32_t item)
{
    if (w->on_line++ % 6 == 5)
        fputs("\n ", w->f);
    if (form == SIZE_MAX)
        fprintf(w->f, " %+.17g %s", factor, name);
    else
        fprintf(w->f, " %+.17g %s%zu_%u", factor, name, form, item);
}

/* Closes a row that has been written as terms; twice where both limits are there. */
static void close_row(struct writer *w, const char *relation, double limit)
{
    fprintf(w->f, " %s %.17g\n", relation, limit);
    w->on_line = 0;
}

static bool left_out(struct writer *w)
{
    return w->leave_out && w->leave_out[w->filter_row];
}

typedef double value_of(const struct model *m, size_t g, size_t at, uint32_t item);

static double of_size(const struct model *m, size_t g, size_t at, uint32_t item)
{
    (void)m;
    (void)g;
    (void)at;
    (void)item;
    return 1;
}

static double of_row(const struct model *m, size_t g, size_t at, uint32_t item)
{
    const struct model_type *t = &m->type[g];
    for (uint32_t k = t->row_start[item]; k < t->row_start[item + 1]; k++)
        if (t->item_row[k] == at)
            return 1;
    return 0;
}

static double of_dense(const struct model *m, size_t g, size_t at, uint32_t item)
{
    (void)g;
    return model_values(m, item)[at];
}

struct line {
    value_of *value;
    size_t at;
    double lo, hi, of_y;
};

/* lo <= sum value x + of_y y <= hi of one form. */
static void write_line(struct writer *w, size_t form, const struct line *line)
{
    const struct model *m = w->m;
    const double limits[] = {line->lo, line->hi};
    for (int side = 0; side < 2; side++) {
        if (!isfinite(limits[side]) || (side == 1 && line->lo >= line->hi))
            continue;
        fprintf(w->f, " r%zu:", w->row++);
        size_t terms = 0;
        for (uint32_t i = 0; i < m->items; i++) {
            double v = line->value(m, m->form_type[form], line->at, i);
            if (fabs(v) > 0 && m->capacity[i] > 0) {
                term(w, v, "x", form, i);
                terms++;
            }
        }
        if (terms == 0) /* a row must not be empty */
            term(w, 0, "x", form, 0);
        if (fabs(line->of_y) > 0)
            term(w, line->of_y, "y", SIZE_MAX, 0);
        close_row(w, line->lo >= line->hi ? "=" : side == 0 ? ">=" : "<=", limits[side]);
    }
}

static void write_form(struct writer *w, size_t form)
{
    const struct model *m = w->m;
    size_t g = m->form_type[form];
    const struct model_type *t = &m->type[g];
    w->filter_row = 0;
    for (size_t k = 0; k < g; k++)
        w->filter_row += 1 + m->type[k].row_count + m->sums;
    if (!left_out(w))
        write_line(w, form,
                   &(struct line){of_size, 0, (double)t->size_lo, (double)t->size_hi, 0});
    w->filter_row++;
    for (size_t r = 0; r < t->row_count; r++, w->filter_row++)
        if (!left_out(w))
            write_line(w, form, &(struct line){of_row, r, t->rows[r].lo, t->rows[r].hi, 0});
    for (size_t s = 0; s < m->sums; s++, w->filter_row++)
        if (!left_out(w))
            write_line(w, form, &(struct line){of_dense, m->k + s, t->lo[s], t->hi[s], 0});
    for (size_t k = 0; k < m->k; k++) {
        write_line(w, form, &(struct line){of_dense, k, 0, INFINITY, -t->ratio[k]});
        if (m->has_upper)
            write_line(w, form,
                       &(struct line){of_dense, k, -INFINITY, t->upper_at_zero[k],
                                      -t->upper_slope[k]});
    }
}

static bool write_problem(const struct model *m, const bool *leave_out, const char *path)
{
    struct writer w = {.f = fopen(path, "w"), .m = m, .leave_out = leave_out};
    if (!w.f)
        return false;
    fputs("Maximize\n obj: y\nSubject To\n", w.f);
    for (size_t f = 0; f < m->forms; f++)
        write_form(&w, f);
    for (uint32_t i = 0; i < m->items; i++) {
        if (m->capacity[i] >= (int32_t)m->forms || m->capacity[i] == 0)
            continue;
        fprintf(w.f, " r%zu:", w.row++);
        for (size_t f = 0; f < m->forms; f++)
            term(&w, 1, "x", f, i);
        close_row(&w, "<=", m->capacity[i]);
    }
    fputs("Bounds\n 0 <= y", w.f);
    fputs(m->k == 0 ? " <= 0\nBinaries\n" : "\nBinaries\n", w.f);
    for (size_t f = 0; f < m->forms; f++)
        for (uint32_t i = 0; i < m->items; i++)
            if (m->capacity[i] > 0 || i == 0)
                fprintf(w.f, " x%zu_%u\n", f, i);
    fputs("End\n", w.f);
    return fclose(w.f) == 0;
}

bool assembly_write_problem(struct arena *a, const struct assembly_order *order,
                            const char *path, struct err *e)
{
    struct model m;
    model_make(a, order, &m);
    if (m.pair_budget >= 0)
        return FAIL(e, INVALID, "overlap", "限制两卷共用题数的问题不能写成 LP 文件。");
    return write_problem(&m, NULL, path) || FAIL(e, STORE, "file", "写不了 %.200s。", path);
}

/* True where it ended by itself, well. */
static bool run(const char *program, const char *folder, int64_t seconds)
{
    char model[256], answer[256], limit[32];
    snprintf(model, sizeof model, "%s/model.lp", folder);
    snprintf(answer, sizeof answer, "%s/answer", folder);
    snprintf(limit, sizeof limit, "%lld", (long long)seconds);
    char *argv[] = {(char[]){"cbc"},
                    model,
                    (char[]){"sec"},
                    limit,
                    (char[]){"ratio"},
                    (char[]){"0"},
                    (char[]){"allow"},
                    (char[]){"0"},
                    (char[]){"solve"},
                    (char[]){"solution"},
                    answer,
                    NULL};
    char *no_environment[] = {(char[]){"LC_ALL=C"}, NULL};
    posix_spawn_file_actions_t acts;
    pid_t pid = -1;
    int status = -1;
    posix_spawn_file_actions_init(&acts);
    posix_spawn_file_actions_addopen(&acts, 0, "/dev/null", 0, 0);
    posix_spawn_file_actions_addopen(&acts, 1, "/dev/null", 1, 0);
    posix_spawn_file_actions_addopen(&acts, 2, "/dev/null", 1, 0);
    posix_spawn_file_actions_addclosefrom_np(&acts, 3);
    bool begun = posix_spawn(&pid, program, &acts, NULL, argv, no_environment) == 0;
    posix_spawn_file_actions_destroy(&acts);
    if (!begun)
        return false;
    /* It keeps its own time; these hold where it does not. */
    struct rlimit cpu = {(rlim_t)(2 * seconds + 5), (rlim_t)(2 * seconds + 6)};
    struct rlimit memory = {(rlim_t)2 << 30, (rlim_t)2 << 30};
    (void)prlimit(pid, RLIMIT_CPU, &cpu, NULL);
    (void)prlimit(pid, RLIMIT_AS, &memory, NULL);
    while (waitpid(pid, &status, 0) < 0)
        continue;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* "  12 x0_11  1  0" on each line behind the first. */
static void read_answer(struct arena *a, const struct model *m, const char *text,
                        struct exact_result *out)
{
    size_t filled[ASSEMBLE_FORMS_MAX] = {0};
    const char *line = strchr(text, '\n');
    size_t size_max = 1;
    out->optimal = strncmp(text, "Optimal", 7) == 0;
    out->infeasible = strncmp(text, "Infeasible", 10) == 0 ||
                      strncmp(text, "Integer infeasible", 18) == 0;
    for (size_t g = 0; g < m->type_count; g++)
        size_max = m->type[g].size_hi > size_max ? m->type[g].size_hi : size_max;
    out->best = (struct places){arena_array(a, uint32_t, m->forms * size_max + 1), size_max};
    for (size_t i = 0; i < m->forms * size_max; i++)
        out->best.item[i] = m->items;
    for (; line; line = strchr(line + 1, '\n')) {
        size_t form;
        unsigned item;
        double value;
        const char *name = strchr(line, 'x');
        const char *end = strchr(line + 1, '\n');
        if (!name || (end && name > end) ||
            sscanf(name, "x%zu_%u %lf", &form, &item, &value) != 3)
            continue;
        if (value > 0.5 && form < m->forms && item < m->items && filled[form] < size_max)
            out->best.item[form * size_max + filled[form]++] = item;
    }
    out->found = out->optimal;
}

void solve_exactly(struct arena *a, const struct model *m, const struct assembly_order *order,
                   const bool *leave_out, struct exact_result *out)
{
    char folder[] = "/tmp/heng-exact-XXXXXX", path[64];
    struct bytes answer;
    struct err e = {0}, ignored = {0};
    *out = (struct exact_result){0};
    if (!order->cbc || access(order->cbc, X_OK) != 0 || !mkdtemp(folder))
        return;
    snprintf(path, sizeof path, "%s/model.lp", folder);
    bool ok = write_problem(m, leave_out, path) &&
              run(order->cbc, folder, order->cbc_seconds > 0 ? order->cbc_seconds : 5);
    snprintf(path, sizeof path, "%s/answer", folder);
    if (ok && file_read(a, path, ANSWER_BYTES_MAX, &answer, &e)) {
        out->ran = true;
        read_answer(a, m, (const char *)answer.at, out);
    }
    bool removed = folder_remove(folder, &ignored);
    (void)removed; /* what stays in /tmp does not change the answer */
}

/* --- conflicts of whole numbers --------------------------------------------------------------------- */
static const char *filter_label(const struct model *m, size_t at)
{
    size_t g = 0;
    while (at >= 1 + m->type[g].row_count + m->sums)
        at -= 1 + m->type[g++].row_count + m->sums;
    const struct model_type *t = &m->type[g];
    if (at == 0)
        return "items_per_form";
    if (at <= t->row_count)
        return t->rows[at - 1].label;
    const char *label = t->sum_label[at - 1 - t->row_count];
    return label ? label : "sum";
}

void exact_why(struct arena *a, const struct model *m, const struct assembly_order *order,
               struct assembly_result *out)
{
    struct assembly_order quick = *order;
    struct exact_result r;
    size_t rows = 0;
    const char **names = NULL;
    quick.cbc_seconds = 2;
    for (size_t g = 0; g < m->type_count; g++)
        rows += 1 + m->type[g].row_count + m->sums;
    if (!exact_fits(m) || rows > FILTER_ROWS_MAX)
        return;
    bool *leave_out = arena_array(a, bool, rows + 1);
    solve_exactly(a, m, &quick, leave_out, &r);
    if (!r.infeasible)
        return;
    out->proved_infeasible = true;
    for (size_t i = 0; i < rows; i++) {
        leave_out[i] = true;
        solve_exactly(a, m, &quick, leave_out, &r);
        leave_out[i] = r.infeasible;
    }
    for (size_t i = 0; i < rows; i++)
        if (!leave_out[i]) {
            names = arena_grow(a, names, out->row_count, out->row_count + 1, sizeof *names);
            names[out->row_count++] = filter_label(m, i);
        }
    out->rows = names;
}
