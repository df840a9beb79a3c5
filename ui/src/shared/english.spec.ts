// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { inEnglish, reasonInEnglish, wordInEnglish } from './english';
import labels from './labels.en';
import reasons from './reasons.fixture.json';
import said from './said.en';
import words from './words.en';

it('says in English what it knows, with its numbers', () => {
  expect(inEnglish('unauthenticated', '登录名或密码不对。')).toBe('The name or the password is wrong.');
  expect(inEnglish('invalid', '密码至少 15 个字符，现为 8 个。')).toBe('A password has at least 15 characters; this one has 8.');
  expect(inEnglish('invalid', '“中文”不是允许的值。')).toBe('“中文” is not allowed here.');
  expect(inEnglish('', '居民身份证号码应为 18 位，现为 15 位。')).toBe('The number of a resident identity card has 18 characters; this one has 15.');
  expect(inEnglish('invalid', '字数不得小于 2。')).toBe('This must be at least 2.');
});

it('leaves what it does not know as it was said, behind the meaning of its code', () => {
  expect(inEnglish('rule', '从未写过的句子。')).toBe('A rule forbids this. In Chinese: 从未写过的句子。');
  expect(inEnglish('', '从未写过的句子。')).toBe('In Chinese: 从未写过的句子。');
  expect(inEnglish('invalid', 'already English')).toBe('already English');
});

/** Every sentence of the C sources, literals joined, conversions as {}. */
function spoken(): string {
  const root = join(__dirname, '../../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(c|def)$/.test(name) && !name.endsWith('_test.c'));
  return files
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n')
    .replace(/"\s*PRI[a-z0-9]+\s*"/gi, 'd')
    .replace(/"\s*\n\s*"/g, '')
    .replace(/%(\.?\d*|\.\*)?(ll|l|z)?[sdcug]/g, '{}');
}

it('knows no sentence that the server does not say', () => {
  const sources = spoken();
  expect(said.map(([chinese]) => chinese).filter((chinese) => !sources.includes(`"${chinese}"`))).toEqual([]);
  expect(new Set(said.map(([chinese]) => chinese)).size).toBe(said.length);
  const known = new Set(said.map(([chinese]) => chinese));
  expect(column('sitting/findings.def', /FINDING\(\w+, +\w+, +"([^"]+)"\)/g).filter((source) => !known.has(source))).toEqual([]);
});

/** The fixture: what `heng eligibility` says about the applicants of data/samples/eligibility, with their facts as they
 * are, only claimed, and with names instead of scopes; one of each shape. */
it('says every reason of the sample applicants in English', () => {
  const chinese = /[\u4e00-\u9fff]/;
  const unnamed = (text: string) => text.replace(/“[^”]*”|（等）|\(等\)/g, '');
  expect(reasons.map((one) => reasonInEnglish(one)).filter((one) => chinese.test(unnamed(one)))).toEqual([]);
  expect(reasons.length).toBeGreaterThan(100);
});

it('keeps numbers, days and names of a reason', () => {
  expect(reasonInEnglish('取得本职业或相关职业三级证书后须累计从事本职业或相关职业满5年：已有1736天，还差90天；若继续从业，自2027-02-27起满足。')).toBe(
    'Work of 5 years in all in this or a related occupation is needed after obtaining a certificate in this or a related occupation of level 3: 1736 days so far, 90 days more; met from 2027-02-27 on if the work goes on.',
  );
  expect(reasonInEnglish('累计从事本职业共2830天，满4年：全媒体运营师 2019-03-01至今（未证明）。')).toBe('Worked 2830 days in all in this occupation, which makes 4 years: “全媒体运营师” 2019-03-01 to now (not proved).');
  expect(reasonInEnglish('或者：没有符合专业对应关系的初级职称。')).toBe('Or: There is no junior professional title in a matching speciality.');
  expect(reasonInEnglish('没有人写过的理由')).toBe('In Chinese: 没有人写过的理由');
});

it('says findings with their rule, names in quotation marks', () => {
  expect(inEnglish('rule', '编排有 2 处不合规则，不能完成。第1考场：监考人员 1 人，至少应有 2 人。（依据：《全媒体运营师国家职业标准（2023年版）》1.9.3：“每个考场不少于2名监考人员”）')).toBe(
    'The arrangement breaks rules (2 findings) and cannot be closed. “第1考场”: invigilator: 1; at least 2 are needed. Source: 《全媒体运营师国家职业标准（2023年版）》 1.9.3: “每个考场不少于2名监考人员”',
  );
  expect(inEnglish('', '监考人员 钱一与考生韩梅梅有亲属关系，应当回避。')).toBe('“钱一” (invigilator) must stand aside for candidate “韩梅梅”: kin.');
  expect(inEnglish('', '选项 A 的权重 50% 未带入：给分办法由试卷定。')).toBe('The weight of option A (50%) was not carried: the paper says how marks are given.');
  expect(inEnglish('', '题中写了“下图”，却没有给考生看的图片。')).toBe('The item says “下图”, but shows no picture.');
  expect(inEnglish('', '视频 a1 没有文字稿，听不见的考生无从作答。考的就是听辨时，请限定播放次数；无声的视频请在替代文字中写明“没有声音”。')).toBe(
    'The film a1 has no transcript: who cannot hear cannot answer. Where listening is what is asked, limit its plays; of a silent film say “没有声音” (no sound) in the words for who cannot see it.',
  );
  expect(wordInEnglish('监考员')).toBe('invigilator');
  expect(wordInEnglish('没有人写过的话')).toBe('没有人写过的话');
});

/** The second literals of the rows of a table. */
const column = (file: string, row: RegExp) => [...readFileSync(join(__dirname, '../../../src', file), 'utf8').matchAll(row)].flatMap((m) => m.slice(1));

it('knows every label of the tables, and no other', () => {
  const kinds = readdirSync(join(__dirname, '../../../src/bank')).filter((name) => /^(kind|exchange)_\w+\.c$/.test(name));
  const listed = [
    ...column('store/acts.def', /ACT\(\d+,\s*\w+,\s*"([^"]+)"/g),
    ...column('sitting/flags.def', /FLAG\(\w+,\s*"([^"]+)"/g),
    ...column('people/roles.def', /ROLE\(\d+,\s*\w+,\s*"([^"]+)"/g),
    ...column('sitting/staff_duties.def', /DUTY\(\w+,\s*\w+,\s*"([^"]+)"/g),
    ...column('sitting/staff_rules.c', /\{CONFLICT_\w+, RULE_\w+, "([^"]+)"\}/g),
    ...column('sitting/staff_rules.c', /\*tie = "([^"]+)"/g),
    ...column('sitting/session_states.def', /SESSION_STATE\(.*"([^"]+)"\)/g),
    ...column('entry/batch_states.def', /BATCH_STATE\(\d, +\w+, +"\w+", +"([^"]+)"/g),
    ...column('entry/states.def', /ENTRY_STATE\(\d, +\w+, +"\w+", +"([^"]+)"/g),
    ...column('certificate/events.def', /CERTIFICATE_EVENT\(\w+, +\d+, +"([^"]+)"/g),
    ...column('certificate/faces.def', /FACE\(\w+, +"([^"]+)", +"[^"]+", +"([^"]+)"/g),
    ...kinds.flatMap((name) => column(`bank/${name}`, /\.label = "([^"]*[\u4e00-\u9fff][^"]*)"/g)),
  ];
  expect(new Set(Object.keys(labels))).toEqual(new Set(listed));
});

it('knows every word of the closed lists, and no other', () => {
  const root = join(__dirname, '../../../src');
  const listed = [
    ...[...readFileSync(join(root, 'programme/vocabulary.h'), 'utf8').matchAll(/W\(\w+, "([^"]+)"\)/g)].map((m) => m[1]),
    ...[...readFileSync(join(root, 'people/documents.def'), 'utf8').matchAll(/DOCUMENT\(\w+, +'\w', +"\w+", +"([^"]+)"/g)].map((m) => m[1]),
  ];
  expect(new Set(Object.keys(words))).toEqual(new Set(listed));
});
