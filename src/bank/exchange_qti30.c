/* bank/exchange_qti30.c - QTI 3.0: its namespaces and names. */
#include "bank/exchange_qti.h"

static const struct qti_version version = {
    .item_namespace = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    .manifest_namespace = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    .schema = "QTI Package",
    .schema_version = "3.0.0",
    .resource_type = "imsqti_item_xmlv3p0",
    .hyphened = true,
};

static bool write_file(struct exchange *x, struct exchange_item *items, size_t count,
                       struct bytes *out, struct err *e)
{
    return qti_write(x, &version, items, count, out, e);
}

const struct exchange_format exchange_format_qti30 = {
    .name = "qti30",
    .label = "QTI 3.0",
    .extension = "zip",
    .notes = true,
    .read = qti_read,
    .write = write_file,
};
