/* app/bench_deliver_figures.c - percentiles and the lines that say what a phase cost. */
#include "app/bench_deliver_figures.h"

#include <stdio.h>

#include "base/json_out.h"

static int bucket_of(int64_t us)
{
    int exponent = 0;
    if (us < 32)
        return us < 0 ? 0 : (int)us;
    while (us >> (exponent + 6) > 0)
        exponent++;
    int at = 32 * (exponent + 1) + (int)(us >> exponent) % 32;
    return at < LATENCY_BUCKETS ? at : LATENCY_BUCKETS - 1;
}

static int64_t upper_us(int bucket)
{
    int exponent = bucket / 32 - 1;
    return bucket < 32 ? bucket + 1 : (int64_t)(bucket % 32 + 33) << exponent;
}

void latency_add(struct latency *l, int64_t us)
{
    l->buckets[bucket_of(us)]++;
    l->count++;
    if (us > l->max_us)
        l->max_us = us;
}

double latency_ms(const struct latency *l, double part)
{
    int64_t want = (int64_t)((double)l->count * part), seen = 0;
    for (int i = 0; i < LATENCY_BUCKETS && l->count > 0; i++) {
        seen += l->buckets[i];
        if (seen > want || seen == l->count) {
            int64_t us = upper_us(i);
            return (double)(us < l->max_us ? us : l->max_us) / 1000;
        }
    }
    return 0;
}

static void print_latency(const char *name, const struct latency *l)
{
    fprintf(stderr, "    %-8s %8lld  p50 %7.2f  p95 %7.2f  p99 %7.2f  max %7.2f ms\n", name,
            (long long)l->count, latency_ms(l, 0.5), latency_ms(l, 0.95), latency_ms(l, 0.99),
            (double)l->max_us / 1000);
}

void phase_print(const struct phase *p)
{
    double s = (double)p->wall_us / 1e6, n = p->count > 0 ? (double)p->count : 1;
    fprintf(stderr,
            "%s：%lld，%.2f s，每秒 %.0f，服务器 CPU 每次 %.1f us，发生器 %.1f us，"
            "发 %.1f MB 收 %.1f MB，内存 %.0f → %.0f MB，错误 %lld，429 %lld\n",
            p->label, (long long)p->count, s, n / (s > 0 ? s : 1), (double)p->cpu_us / n,
            (double)p->generator_us / n, (double)p->bytes_out / 1e6, (double)p->bytes_in / 1e6,
            p->rss_before_mb, p->rss_mb, (long long)p->errors, (long long)p->refused);
    if (p->rss_slope_mb_h != 0)
        fprintf(stderr, "    内存斜率 %+.2f MB 每小时\n", p->rss_slope_mb_h);
    print_latency("全部", &p->latency);
    for (int i = 0; i < PHASE_STEPS && p->steps[i].name; i++)
        print_latency(p->steps[i].name, &p->steps[i].latency);
}

static void put_latency(struct json_out *o, const struct latency *l)
{
    put_number(o, "p50_ms", latency_ms(l, 0.5));
    put_number(o, "p95_ms", latency_ms(l, 0.95));
    put_number(o, "p99_ms", latency_ms(l, 0.99));
    put_number(o, "max_ms", (double)l->max_us / 1000);
}

void phase_put(struct json_out *o, const struct phase *p)
{
    double s = (double)p->wall_us / 1e6, n = p->count > 0 ? (double)p->count : 1;
    out_object(o);
    put_text(o, "name", p->name);
    put_int(o, "count", p->count);
    put_number(o, "seconds", s);
    put_number(o, "per_s", s > 0 ? (double)p->count / s : 0);
    put_latency(o, &p->latency);
    put_number(o, "cpu_us", (double)p->cpu_us / n);
    put_number(o, "generator_cpu_us", (double)p->generator_us / n);
    put_int(o, "bytes_out", p->bytes_out);
    put_int(o, "bytes_in", p->bytes_in);
    put_number(o, "rss_before_mb", p->rss_before_mb);
    put_number(o, "rss_mb", p->rss_mb);
    put_number(o, "rss_slope_mb_h", p->rss_slope_mb_h);
    put_int(o, "errors", p->errors);
    put_int(o, "refused", p->refused);
    put_array(o, "steps");
    for (int i = 0; i < PHASE_STEPS && p->steps[i].name; i++) {
        out_object(o);
        put_text(o, "name", p->steps[i].name);
        put_int(o, "count", p->steps[i].latency.count);
        put_latency(o, &p->steps[i].latency);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
}
