/* app/server_child.c - starts, watches and stops a server of its own. */
#include "app/server_child.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"

enum { URL_BYTES = 200 };

static void run(const struct server_order *o, const char *listen, int out)
{
    int log = open(o->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(out, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    const char *option = o->connections ? "--store-connections" : o->option;
    execl(o->program, o->program, o->command ? o->command : "serve", "--data", o->data,
          "--listen", listen, "--rate-factor", o->rate_factor ? o->rate_factor : "1", option,
          o->connections ? o->connections : o->value, (char *)NULL);
    _exit(127);
}

/* The first line of its output is its address. */
bool server_child_start(struct arena *a, const struct server_order *o, struct server_child *c,
                        struct err *e)
{
    int fds[2];
    char url[URL_BYTES] = "";
    const char *listen = arena_printf(a, "127.0.0.1:%u", (unsigned)c->port);
    if (pipe2(fds, O_CLOEXEC) != 0)
        return FAIL(e, STORE, "serve", "无法启动服务。");
    c->pid = fork();
    if (c->pid == 0)
        run(o, listen, fds[1]);
    close(fds[1]);
    FILE *from = fdopen(fds[0], "r");
    bool ok = c->pid > 0 && from && fgets(url, sizeof url, from);
    if (from)
        fclose(from);
    url[strcspn(url, "\n")] = '\0';
    const char *colon = strrchr(url, ':');
    if (!ok || !colon)
        return FAIL(e, STORE, "serve", "服务没有启动，日志在 %s。", o->log);
    c->url = arena_text(a, url);
    c->port = (uint16_t)strtoul(colon + 1, NULL, 10);
    return true;
}

int server_child_stop(struct server_child *c, int signal_number)
{
    int status = 0;
    if (c->pid <= 0)
        return 0;
    kill(c->pid, signal_number);
    waitpid(c->pid, &status, 0);
    c->pid = 0;
    return status;
}

static bool read_line(pid_t pid, const char *file, char *line, int size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *f = pid > 0 ? fopen(path, "r") : NULL;
    bool ok = f && fgets(line, size, f);
    if (f)
        fclose(f);
    return ok;
}

struct process {
    pid_t pid, parent;
    int64_t ticks; /* its own and of those it has waited for */
};

static bool read_process(pid_t pid, struct process *out)
{
    char line[1024];
    int parent;
    unsigned long user, system;
    long waited_user, waited_system;
    const char *after = read_line(pid, "stat", line, sizeof line) ? strrchr(line, ')') : NULL;
    if (!after ||
        sscanf(after + 2, "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld", &parent,
               &user, &system, &waited_user, &waited_system) != 5)
        return false;
    int64_t ticks = (int64_t)user + (int64_t)system + waited_user + waited_system;
    *out = (struct process){pid, (pid_t)parent, ticks};
    return true;
}

static int64_t ticks_of_children(pid_t parent)
{
    int64_t ticks = 0;
    DIR *all = opendir("/proc");
    const struct dirent *one;
    while (all && (one = readdir(all))) {
        struct process p;
        long pid = strtol(one->d_name, NULL, 10);
        if (pid > 0 && read_process((pid_t)pid, &p) && p.parent == parent)
            ticks += p.ticks + ticks_of_children(p.pid);
    }
    if (all)
        closedir(all);
    return ticks;
}

int64_t process_cpu_us(pid_t pid)
{
    struct process p;
    if (!read_process(pid, &p))
        return 0;
    return (p.ticks + ticks_of_children(pid)) * 1000000 / sysconf(_SC_CLK_TCK);
}

double process_rss_mb(pid_t pid)
{
    char line[256];
    unsigned long pages;
    if (!read_line(pid, "statm", line, sizeof line) || sscanf(line, "%*u %lu", &pages) != 1)
        return 0;
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}
