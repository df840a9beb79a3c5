/* people/mask_test.c - masks show what they may and nothing more. */
#include "people/mask.h"

#include "base/arena.h"
#include "test/check.h"

void masks_test(void)
{
    static const struct {
        char *(*mask)(struct arena *, const char *);
        const char *text, *want;
    } cases[] = {
        {mask_name, "张小三", "张*三"},
        {mask_name, "李四", "李*"},
        {mask_name, "欧阳娜娜", "欧**娜"},
        {mask_name, "某", "*"},
        {mask_name, "", ""},
        {mask_name, "Ann Lee", "A*****e"},
        {mask_name, "阿·𠮷", "阿*𠮷"},
        {mask_document, "11010519491231002X", "110105********002X"},
        {mask_document, "USA110084010112", "USA110*****0112"},
        {mask_document, "H00000001", "H0*****01"},
        {mask_document, "E12345", "******"},
        {mask_last_four, "11010519491231002X", "**************002X"},
        {mask_last_four, "H00000001", "*****0001"},
        {mask_last_four, "E12345", "******"},
        {mask_phone, "13800000000", "138****0000"},
        {mask_phone, "51234567", "******67"},
        {mask_phone, "12345", "*****"},
        {mask_mail, "zhang@example.com", "z***@example.com"},
        {mask_mail, "张三@example.com", "张***@example.com"},
        {mask_mail, "a@b@c", "a***@c"},
        {mask_mail, "@example.com", "***"},
        {mask_mail, "nobody", "***"},
    };
    struct arena *a = arena_create(1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_TEXT(cases[i].text, cases[i].mask(a, cases[i].text), cases[i].want);
    arena_destroy(a);
}
