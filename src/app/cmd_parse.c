/* app/cmd_parse.c - `heng parse`: a keeper (base/keeper.h), in which the server has uploaded files
 * parsed. */
#include <stdio.h>
#include <sys/socket.h>

#include "app/command.h"
#include "bank/exchange.h"
#include "bank/media.h"
#include "bank/picture.h"
#include "bank/upload.h"
#include "base/caged_table.h"
#include "base/keeper.h"
#include "entry/photo.h"
#include "marking/scan_read.h"

static parse_fn *const parsers[PARSE_KINDS] = {
#define PARSE_KIND(name, input_mib, output_mib) [PARSE_##name] = parse_##name,
#include "base/parse_kinds.def"
#undef PARSE_KIND
};

int cmd_parse(struct arena *a, int argc, char **argv)
{
    int type;
    socklen_t len = sizeof type;
    (void)a;
    (void)argv;
    if (argc != 0 || getsockopt(0, SOL_SOCKET, SO_TYPE, &type, &len) != 0) {
        fprintf(stderr, "heng: parse 由服务启动，从标准输入处的套接字接收文件。\n");
        return EXIT_INPUT;
    }
    keeper_serve(parsers);
}
