/* programme/vocabulary.h - the closed lists of words that clauses and facts are written in, each
 * with what people call it. One line per word, in one place: the lists of allowed values and the
 * labels are made from it. */
#ifndef PROGRAMME_VOCABULARY_H
#define PROGRAMME_VOCABULARY_H

/* clang-format off */
#define WORK_SCOPES(W)          /* of a clause */ \
    W(own, "本职业") W(related, "相关职业") W(own_or_related, "本职业或相关职业") \
    W(related_field, "相关领域")
#define WORK_FACT_SCOPES(W)     /* of a fact */ \
    W(own, "本职业") W(related, "相关职业") W(related_field, "相关领域") W(other, "其他职业")
#define CERTIFICATE_SCOPES(W) \
    W(own, "本职业") W(related, "相关职业") W(own_or_related, "本职业或相关职业") \
    W(other, "其他职业")
#define CERTIFICATE_FACT_SCOPES(W) \
    W(own, "本职业") W(related, "相关职业") W(other, "其他职业")
#define COUNTINGS(W) \
    W(cumulative, "累计") W(continuous, "连续") W(unspecified, "")
#define GRADES(W) \
    W(junior, "初级") W(intermediate, "中级") W(senior, "高级")
#define SPECIALTIES(W) \
    W(matched, "符合专业对应关系的") W(related, "相关专业的")
#define SPECIALTY_FACTS(W) \
    W(matched, "符合专业对应关系的") W(related, "相关专业的") W(other, "其他专业的")
#define INSTITUTIONS(W) \
    W(technical_school, "技工学校") W(senior_technical_school, "高级技工学校") \
    W(technician_college, "技师学院") W(secondary_vocational_school, "中等职业学校") \
    W(higher_vocational_college, "高等职业学校") \
    W(regular_higher_education, "专科及以上普通高等学校")
#define CLASSES(W) \
    W(senior_worker_class, "高级工班") W(pre_technician_class, "预备技师班") \
    W(technician_class, "技师班")
#define ATTAINMENTS(W) \
    W(senior_high, "高中") W(equivalent_to_senior_high, "高中同等学力") \
    W(secondary_vocational, "中专") W(associate, "大专") W(bachelor, "本科") \
    W(postgraduate, "研究生")
#define MAJORS(W) \
    W(own, "本专业") W(related, "相关专业") W(other, "其他专业")
#define STATUSES(W) \
    W(graduated, "毕业") W(final_year, "应届在读") W(enrolled, "在读")
#define RELEVANCES(W) \
    W(related, "相关院校")
#define EVIDENCES(W) \
    W(proved, "已证明") W(claimed, "仅申报")
/* clang-format on */

#define VOCABULARIES(V)                                                                        \
    V(work_scope, WORK_SCOPES)                                                                 \
    V(work_fact_scope, WORK_FACT_SCOPES)                                                       \
    V(certificate_scope, CERTIFICATE_SCOPES)                                                   \
    V(certificate_fact_scope, CERTIFICATE_FACT_SCOPES)                                         \
    V(counting, COUNTINGS)                                                                     \
    V(grade, GRADES)                                                                           \
    V(specialty, SPECIALTIES)                                                                  \
    V(specialty_fact, SPECIALTY_FACTS)                                                         \
    V(institution, INSTITUTIONS)                                                               \
    V(class, CLASSES)                                                                          \
    V(attainment, ATTAINMENTS)                                                                 \
    V(major, MAJORS)                                                                           \
    V(status, STATUSES)                                                                        \
    V(relevance, RELEVANCES)                                                                   \
    V(evidence, EVIDENCES)

struct word {
    const char *value, *label;
};

/* grade_values: NULL-ended, for a field's `allowed`; grade_words: ended by a NULL value. */
#define VOCABULARY(name, list)                                                                 \
    extern const char *const name##_values[];                                                  \
    extern const struct word name##_words[];
VOCABULARIES(VOCABULARY)
#undef VOCABULARY

/* The label, or VALUE itself where it is no word of the list (a school's or a major's name). */
const char *word_label(const struct word *words, const char *value);

#endif
