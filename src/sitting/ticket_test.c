/* sitting/ticket_test.c - tickets are issued once, printed by whom they concern, and say all. */
#include "sitting/ticket.h"

#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "entry/batch.h"
#include "people/person.h"
#include "sitting/arrange_fixture.h"
#include "sitting/session_store.h"
#include "test/check.h"

enum { TEXT_MAX = 1 << 16 };

static struct hall *closed_hall(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct findings f;
    hall_fill(h);
    CHECK_OK("closes", arrange_close(h->db, &h->by, h->session.id, &f, &e), &e);
    return h;
}

static struct ticket_list issue(struct hall *h, int64_t want)
{
    struct err e = {0};
    struct ticket_issue t = {.session = h->session.id};
    struct ticket_list list;
    CHECK_OK("issue", ticket_issue(h->db, &h->by, &t, &e), &e);
    CHECK_INT("issued", t.issued, want);
    CHECK_OK(
        "list",
        ticket_list_session(h->db, h->by.arena, owned_by(&h->by, h->session.id), &list, &e),
        &e);
    return list;
}

static const struct ticket *of(const struct ticket_list *list, struct id entry)
{
    for (size_t i = 0; i < list->count; i++)
        if (id_equal(list->at[i].entry, entry))
            return &list->at[i];
    return NULL;
}

void tickets_issued_once_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct ticket_issue early = {.session = h->session.id};
    hall_fill(h);
    CHECK_REFUSED("a draft", ticket_issue(h->db, &h->by, &early, &e), &e, CONFLICT, "/state");
    e = (struct err){0};
    struct findings f;
    CHECK_OK("closes", arrange_close(h->db, &h->by, h->session.id, &f, &e), &e);
    struct ticket_list first = issue(h, HALL_CANDIDATES), again = issue(h, 0);
    CHECK_INT("all", again.count, HALL_CANDIDATES);
    for (size_t i = 0; i < first.count; i++) {
        struct ticket found;
        bool is;
        char grouped[TICKET_GROUPED_BYTES];
        CHECK_TEXT("the same", again.at[i].number, first.at[i].number);
        CHECK("of its day", strncmp(first.at[i].number, "270301001", 9) == 0);
        ticket_number_group(first.at[i].number, grouped);
        CHECK_OK("find", ticket_find(h->db, h->by.arena, grouped, &found, &is, &e), &e);
        CHECK("found", is && id_equal(found.entry, first.at[i].entry));
    }
    struct ticket found;
    bool is = true;
    CHECK_OK("find", ticket_find(h->db, h->by.arena, "27030100100010", &found, &is, &e), &e);
    CHECK("a wrong check digit", !is);
    hall_destroy(h);
}

/* After the arrangement was opened and changed: who kept the seat keeps the number, who did not
 * gets a new one, and the old one is good for nobody. */
void tickets_follow_seats_test(void)
{
    struct hall *h = closed_hall();
    struct err e = {0};
    struct findings f;
    struct seat_list seats;
    struct ticket_list before = issue(h, HALL_CANDIDATES);
    CHECK_OK("opens", arrange_reopen(h->db, &h->by, h->session.id, "换座", &e), &e);
    CHECK_OK("seats",
             seat_list(h->db, h->by.arena, owned_by(&h->by, h->session.id), &seats, &e), &e);
    struct seat_move m = {h->session.id, seats.at[29].id, h->entries[3]};
    CHECK_OK("moves", arrange_move(h->db, &h->by, &m, &e), &e);
    CHECK_OK("closes", arrange_close(h->db, &h->by, h->session.id, &f, &e), &e);
    struct ticket_list after = issue(h, 1);
    CHECK_INT("one each", after.count, HALL_CANDIDATES);
    for (size_t i = 0; i < HALL_CANDIDATES; i++) {
        const struct ticket *old = of(&before, h->entries[i]), *new = of(&after, h->entries[i]);
        CHECK_INT("kept unless moved", strcmp(old->number, new->number) == 0, i != 3);
    }
    struct ticket found;
    bool is = true;
    CHECK_OK(
        "find",
        ticket_find(h->db, h->by.arena, of(&before, h->entries[3])->number, &found, &is, &e),
        &e);
    CHECK("withdrawn", !is);
    hall_destroy(h);
}

/* ------------------------------------------------------------------ who may print, and when */
static bool print(struct hall *h, const struct viewer *v, struct bytes *pdf, struct err *e)
{
    struct printing p = {&h->by, h->f->t->master, &h->f->t->blobs, false};
    struct ticket_print t = {.entry = h->entries[0]};
    bool ok = ticket_pdf(h->db, &p, v, &t, e);
    *pdf = t.pdf;
    return ok;
}

void ticket_printed_by_whom_test(void)
{
    struct hall *h = closed_hall();
    struct id nobody = {{0}};
    struct viewer self = hall_viewer(h, R(candidate), h->persons[0]);
    struct viewer other = hall_viewer(h, R(candidate), h->persons[1]);
    struct viewer registrar = hall_viewer(h, R(registrar), nobody);
    struct viewer examiner = hall_viewer(h, R(examiner), nobody);
    struct viewer stranger = registrar;
    struct bytes pdf;
    struct err e = {0};
    stranger.body = h->stranger.actor->body;
    CHECK_REFUSED("none is issued", print(h, &registrar, &pdf, &e), &e, NOT_FOUND, "ticket");
    issue(h, HALL_CANDIDATES);
    const struct {
        const char *what;
        const struct viewer *who;
        int64_t before_ms; /* the window opens */
        enum err_code code;
    } cases[] = {
        {"the candidate in the window", &self, 0, ERR_NONE},
        {"a millisecond early", &self, 1, ERR_RULE},
        {"the registrar early", &registrar, 1, ERR_NONE},
        {"another candidate", &other, 0, ERR_NOT_FOUND},
        {"an examiner", &examiner, 0, ERR_FORBIDDEN},
        {"another body's registrar", &stranger, 0, ERR_NOT_FOUND},
    };
    int64_t opens = ticket_opens_ms(&h->session, 3);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err got = {0};
        h->actor.now_ms = opens - cases[i].before_ms;
        CHECK_INT(cases[i].what, print(h, cases[i].who, &pdf, &got), cases[i].code == ERR_NONE);
        CHECK_INT(cases[i].what, got.code, cases[i].code);
    }
    CHECK_INT("three days before, at midnight", opens,
              instant_of(date_of((struct civil){2027, 2, 26}), 0, CHINA_OFFSET_MS));
    hall_destroy(h);
}

/* ------------------------------------------------------------------ what is on the paper */
/* NULL where pdftotext is missing. */
static const char *text_of(struct hall *h, struct bytes pdf)
{
    struct err e = {0};
    struct arena *a = h->by.arena;
    char *in = arena_printf(a, "%s/print.pdf", h->f->t->folder);
    char *out = arena_printf(a, "%s/print.txt", h->f->t->folder);
    char name[] = "pdftotext", layout[] = "-layout";
    char *const words[] = {name, layout, in, out, NULL};
    struct bytes text;
    pid_t child;
    int status;
    CHECK_OK("file", file_write(in, pdf.at, pdf.len, 0600, &e), &e);
    if (posix_spawnp(&child, name, NULL, NULL, words, environ) != 0) {
        print_message("pdftotext is missing: the text of the PDF is not checked\n");
        return NULL;
    }
    CHECK_INT("waits", waitpid(child, &status, 0), child);
    CHECK_INT("it reads the file", status, 0);
    CHECK_OK("text", file_read(a, out, TEXT_MAX, &text, &e), &e);
    return (const char *)text.at;
}

static void holds(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        CHECK(words[i], strstr(text, words[i]));
}

void ticket_says_all_test(void)
{
    struct hall *h = closed_hall();
    struct ticket_list list = issue(h, HALL_CANDIDATES);
    struct viewer registrar = hall_viewer(h, R(registrar), (struct id){{0}});
    struct people people = {h->db, h->by.arena, h->f->t->master, &h->actor};
    struct person_secrets secrets;
    struct bytes pdf;
    struct err e = {0};
    char grouped[TICKET_GROUPED_BYTES];
    CHECK_OK("prints", print(h, &registrar, &pdf, &e), &e);
    CHECK("a PDF", memcmp(pdf.at, "%PDF-", 5) == 0);
    ticket_number_group(of(&list, h->entries[0])->number, grouped);
    const char *const words[] = {
        "准考证",
        grouped,
        "考生10号",
        "110101********",
        "全媒体运营师",
        "四级/中级工",
        "创意策划",
        "理论知识考试",
        "2027年3月1日（星期一）",
        "09:00–11:00",
        "第一考场",
        "朝阳考点",
        "建国路 88 号",
        "开考 30 分钟后（09:30 以后）不得入场",
        "北京时间",
        "衡示范评价中心",
    };
    const char *text = text_of(h, pdf);
    if (text) {
        holds(text, words, sizeof words / sizeof *words);
        CHECK_OK("secrets", person_secrets(&people, h->persons[0], &secrets, &e), &e);
        CHECK("the whole document number is not there", !strstr(text, secrets.document_number));
    }
    hall_destroy(h);
}

void lists_say_all_test(void)
{
    struct hall *h = closed_hall();
    struct printing p = {&h->by, h->f->t->master, &h->f->t->blobs, false};
    struct ticket_list list = issue(h, HALL_CANDIDATES);
    struct bytes sheet, door, csv;
    struct err e = {0};
    char grouped[TICKET_GROUPED_BYTES];
    CHECK_OK("sheet", sign_in_sheet_pdf(h->db, &p, h->session.id, &sheet, &e), &e);
    CHECK_OK("door", door_list_pdf(h->db, &p, h->session.id, &door, &e), &e);
    CHECK_OK("csv", seating_csv(h->db, &p, h->session.id, &csv, &e), &e);
    const char *table = arena_copy(h->by.arena, csv.at, csv.len);
    ticket_number_group(list.at[7].number, grouped);
    const char *const cells[] = {"考点,考场,座位,准考证号", grouped, "考生25号", "第一考场"};
    holds(table, cells, sizeof cells / sizeof *cells);
    int lines = 0;
    for (const char *c = table; *c; c++)
        lines += *c == '\n';
    CHECK_INT("a line each", lines, 1 + HALL_CANDIDATES);
    const char *sheet_text = text_of(h, sheet), *door_text = text_of(h, door);
    if (sheet_text && door_text) {
        const char *const on_sheet[] = {"考生签到表", "签到",   grouped,     "考生10号",
                                        "钱监考",     "孙监考", "应到 16 人"};
        const char *const on_door[] = {"考场座位图", "讲台", grouped, "考***号"};
        holds(sheet_text, on_sheet, sizeof on_sheet / sizeof *on_sheet);
        holds(door_text, on_door, sizeof on_door / sizeof *on_door);
        CHECK("no whole names on the door", !strstr(door_text, "考生10号"));
    }
    hall_destroy(h);
}
