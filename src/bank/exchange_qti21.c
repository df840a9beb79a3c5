/* bank/exchange_qti21.c - QTI 2.1: its namespaces and names. */
#include "bank/exchange_qti.h"

static const struct qti_version version = {
    .item_namespace = "http://www.imsglobal.org/xsd/imsqti_v2p1",
    .manifest_namespace = "http://www.imsglobal.org/xsd/imscp_v1p1",
    .schema = "QTIv2.1 Package",
    .schema_version = "1.0.0",
    .resource_type = "imsqti_item_xmlv2p1",
    .hyphened = false,
};

static bool write_file(struct exchange *x, struct exchange_item *items, size_t count,
                       struct bytes *out, struct err *e)
{
    return qti_write(x, &version, items, count, out, e);
}

const struct exchange_format exchange_format_qti21 = {
    .name = "qti21",
    .label = "QTI 2.1",
    .extension = "zip",
    .notes = true,
    .read = qti_read,
    .write = write_file,
};
