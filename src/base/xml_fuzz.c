/* Whatever bytes come: a tree whose links agree and that is no deeper than allowed, or a sentence. */
#include "base/xml.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static size_t walk(const struct xml_node *n, int depth)
{
    size_t nodes = 1;
    if (depth > 65 || (n->name == NULL && n->first))
        abort();
    for (const struct xml_node *c = n->first; c; c = c->next) {
        if (c->parent != n || (c->next ? c->next->previous != c : n->last != c))
            abort();
        nodes += walk(c, depth + 1);
    }
    return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create(512 << 20);
    struct err e = {0};
    const struct xml_node *root = xml_read(a, (struct bytes){data, len}, &e);
    if (root ? walk(root, 1) > XML_NODES_MAX : e.code == ERR_NONE || !*e.text)
        abort();
    arena_destroy(a);
    return 0;
}
