/* bank/exchange_mathml.h - a formula of MathML on one line of text. */
#ifndef BANK_EXCHANGE_MATHML_H
#define BANK_EXCHANGE_MATHML_H

struct arena;
struct xml_node;

/* Powers as x^2, fractions as (a+b)/2, roots as √(x): what stood above or below still reads as such. */
const char *mathml_line(struct arena *a, const struct xml_node *math);

#endif
