// English for the reasons of a verdict (src/programme/clause_*.c). They are made of a few sentences, each of
// phrases from the closed lists of words.en.ts; names of occupations, schools and majors stay as they are.
// Clauses themselves are quoted documents and are not translated. Loaded only where English is spoken.
import words from './words.en';

const DAY = '(\\d{4}-\\d\\d-\\d\\d)';
const oneOf = (...list: string[]) => `(?:${[...list].sort((a, b) => b.length - a.length).join('|')})`;
const SCOPE = oneOf('本职业', '相关职业', '本职业或相关职业', '相关领域', '其他职业');
const COUNTING = '(累计|连续)?';
const LEVEL = '[一二三四五]级';
const GRADE = oneOf('初级', '中级', '高级');
const SPECIALITY = oneOf('符合专业对应关系的', '相关专业的', '其他专业的');
const INSTITUTION = oneOf('技工学校', '高级技工学校', '技师学院', '中等职业学校', '高等职业学校', '专科及以上普通高等学校');
const CLASS = oneOf('高级工班', '预备技师班', '技师班');
const MAJOR = oneOf('本专业', '相关专业', '其他专业');
const ATTAINMENT = oneOf('高中', '高中同等学力', '中专', '大专', '本科', '研究生');

const word = (text: string): string => words[text] ?? `“${text}”`;
const list = (text: string, by: RegExp, join: string) => text.split(by).map(word).join(join);
const levels = (text: string | undefined) => (text ? ` of level ${text.split('或').map((l) => '一二三四五'.indexOf(l.charAt(0)) + 1).join(' or ')}` : '');
const grades = (text: string | undefined) => (text ? `${list(text, /或/, ' or ')} ` : '');
const article = (next: string) => `${/^[aeiou]/.test(next) ? 'an' : 'a'} ${next}`;
const days = (n: string | undefined) => (n === '1' ? '1 day' : `${n} days`);
const years = (n: string | undefined) => (n === '1' ? '1 year' : `${n} years`);
const scope = (text: string | undefined) => word(text ?? '');
const counted = (counting: string | undefined) => (counting ? ` ${word(counting)}` : '');

type Rule = [RegExp, (...parts: (string | undefined)[]) => string | undefined];
const rule = (pattern: string, say: (...parts: (string | undefined)[]) => string | undefined): Rule => [new RegExp(`^${pattern}$`, 's'), say];

function first(rules: Rule[], text: string | undefined): string | undefined {
  for (const [like, say] of rules) {
    const hit = like.exec(text ?? '');
    const said = hit && say(...hit.slice(1));
    if (said) return said;
  }
  return undefined;
}

/** What a clause asks for. */
const wanted = (text: string | undefined): string | undefined =>
  first(
    [
      rule(`(${SCOPE})(${LEVEL}(?:或${LEVEL})*)?(${GRADE}(?:或${GRADE})*)?证书(?:（(.+)）)?`, (s, l, g, scheme) => `${article(grades(g))}certificate in ${scope(s)}${levels(l)}${scheme ? ` (${scheme})` : ''}`),
      rule(`(${SPECIALITY})?(${GRADE}(?:或${GRADE})*)职称`, (s, g) => `${article(grades(g))}professional title${s ? ` ${word(s)}` : ''}`),
      rule('(.*)学历（(.+)）', (what, status) => {
        const parts = (what ?? '').split(' ').filter(Boolean);
        const said = parts.map((p) => (p === '经评估论证' ? 'evaluated' : p.split(/、|或/).map((w) => words[w]).join(' or ')));
        if (said.some((s) => s === '' || s.includes('undefined'))) return undefined;
        return `an education (${[list(status ?? '', /或/, ' or '), ...said].join('; ')})`;
      }),
    ],
    text,
  );

/** What somebody has. */
const held = (text: string | undefined): string | undefined =>
  first(
    [
      rule(`(${SPECIALITY})?(${GRADE})职称（${DAY}取得）`, (s, g, day) => `${article(grades(g))}professional title${s ? ` ${word(s)}` : ''} (awarded ${day})`),
      rule(`(.+?)(${LEVEL})?(${GRADE})?证书（${DAY}取得）`, (what, l, g, day) => `the ${grades(g)}certificate in ${scope(what)}${levels(l)} (issued ${day})`),
      rule(`(${INSTITUTION})?(.*?)(${CLASS})?(${MAJOR})?(${ATTAINMENT})?学历（(.+)）`, (...parts) => {
        const status = parts.pop();
        const about = parts.flatMap((part) => (part ? [word(part)] : [])).join(', ');
        return `the education ${about ? `${about} ` : ''}(${status === '就读状态未填' ? 'status not given' : word(status ?? '')})`;
      }),
    ],
    text,
  );

const period = (text: string): string | undefined =>
  first([rule(`(.+) ${DAY}至(今|\\d{4}-\\d\\d-\\d\\d)(（未证明）)?`, (what, from, to, claimed) => `${word(what ?? '')} ${from} to ${to === '今' ? 'now' : to}${claimed ? ' (not proved)' : ''}`)], text);

function periods(text: string | undefined): string | undefined {
  const [shown = '', more] = (text ?? '').split(/ 等(\d+)段$/);
  const said = shown.split('；').map(period);
  return said.includes(undefined) ? undefined : `${said.join('; ')}${more ? ` and others, ${more} in all` : ''}`;
}

const LACKS: Record<string, string> = { 院校类别: 'kind of school', 班级: 'class', 学历层次: 'level of education', 专业: 'major', 就读状态: 'status', 院校相关性: 'relevance of the school', 评估论证: 'evaluation', 毕业日期: 'date of graduation' };
/** "major must be …, status does not fit". */
const lacks = (text: string | undefined): string | undefined => {
  const said = (text ?? '').split('，').map((one) =>
    first(
      [
        rule('(.+?)须为(.+)', (what, want) => (LACKS[what ?? ''] ? `${LACKS[what ?? '']} must be ${want === '经评估论证' ? 'given' : list(want ?? '', /、|或/, ' or ')}` : undefined)),
        rule('(.+)不符', (what) => (LACKS[what ?? ''] ? `${LACKS[what ?? '']} does not fit` : undefined)),
      ],
      one,
    ),
  );
  return said.includes(undefined) ? undefined : said.join(', ');
};

/** Joins where every part was understood. */
const whole = (say: (...parts: string[]) => string, ...parts: (string | undefined)[]) => (parts.includes(undefined) ? undefined : say(...(parts as string[])));
const no = (text: string) => text.replace(/^an? /, 'no ');
const after = (text: string | undefined) => (text === undefined ? '' : whole((w) => ` after obtaining ${w}`, wanted(text)));

const sentences: Rule[] = [
  rule(`(?:取得(.+)后)?${COUNTING}从事(${SCOPE})(?:工作)?共(\\d+)天(?:（自${DAY}起计）)?，满(\\d+)年：(.+)。`, (w, c, s, n, since, y, p) =>
    whole((a, list) => `Worked ${days(n)}${counted(c)} in ${scope(s)}${a}${since ? ` (counted from ${since})` : ''}, which makes ${years(y)}: ${list}.`, after(w), periods(p)),
  ),
  rule(`没有(.+)；取得后须${COUNTING}从事(${SCOPE})(?:工作)?满(\\d+)年。`, (w, c, s, y) => whole((a) => `There is ${no(a)}; after it, work of ${years(y)}${counted(c)} in ${scope(s)} is needed.`, wanted(w))),
  rule(`(?:取得(.+)后)?须${COUNTING}从事(${SCOPE})(?:工作)?满(\\d+)年：已有(\\d+)天，还差(\\d+)天(?:；若继续从业，自${DAY}起满足)?。`, (w, c, s, y, has, more, from) =>
    whole((a) => `Work of ${years(y)}${counted(c)} in ${scope(s)} is needed${a}: ${days(has)} so far, ${days(more)} more${from ? `; met from ${from} on if the work goes on` : ''}.`, after(w)),
  ),
  rule('工作经历尚未全部证明：已证明(\\d+)天，还差(\\d+)天，须补交证明。', (has, more) => `Not all of the work is proved: ${days(has)} are, ${days(more)} are not; hand in the proof.`),
  rule('(.+)尚未证明，须补交证明。', (w) => whole((a) => `Not proved yet: ${a}; hand in the proof.`, wanted(w))),
  rule('(.+)尚未证明，须补交证书或查询结果。', (h) => whole((a) => `Not proved yet: ${a}; hand in the certificate or the result of a look-up.`, held(h))),
  rule('(.+)尚未证明，须补交职称证书。', (h) => whole((a) => `Not proved yet: ${a}; hand in the certificate of the title.`, held(h))),
  rule('(.+)尚未证明，须补交学历证明或学籍证明。', (h) => whole((a) => `Not proved yet: ${a}; hand in the proof of the education.`, held(h))),
  rule('没有(.+)；须取得满(\\d+)年。', (w, y) => whole((a) => `There is ${no(a)}; it must have been held for ${years(y)}.`, wanted(w))),
  rule('没有(.+)。', (w) => whole((a) => `There is ${no(a)}.`, wanted(w))),
  rule(`(.+)须取得满(\\d+)年：还差(\\d+)天，${DAY}满足。`, (h, y, n, day) => whole((a) => `Needs ${years(y)} with ${a}: ${days(n)} more, met on ${day}.`, held(h))),
  rule('持有(.+)。', (h) => whole((a) => `Holds ${a}.`, held(h))),
  rule('(.+)不符合“(.+)”：(.+)。', (h, w, l) => whole((a, b, c) => `Has ${a}, not ${b}: ${c}.`, held(h), wanted(w), lacks(l))),
  rule('本条列举未尽（等），须由报名审核人员认定。', () => 'The list of this clause is open (等): a registrar decides.'),
  rule('(.+学历（.+）)。', (h) => whole((a) => `Has ${a}.`, held(h))),
];

/** The reason in English; what is not understood stays Chinese and says so. */
export function reasonInEnglish(text: string): string {
  if (text.startsWith('或者：')) return `Or: ${reasonInEnglish(text.slice(3))}`;
  return first(sentences, text) ?? `In Chinese: ${text}`;
}
