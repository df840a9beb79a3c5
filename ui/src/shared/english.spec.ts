// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { inEnglish } from './english';
import said from './said.en';

it('says in English what it knows, with its numbers', () => {
  expect(inEnglish('unauthenticated', '登录名或密码不对。')).toBe('The name or the password is wrong.');
  expect(inEnglish('invalid', '密码至少 15 个字符，现为 8 个。')).toBe('A password has at least 15 characters; this one has 8.');
  expect(inEnglish('invalid', '字数不得小于 2。')).toBe('This must be at least 2.');
});

it('leaves what it does not know as it was said, behind the meaning of its code', () => {
  expect(inEnglish('rule', '从未写过的句子。')).toBe('A rule forbids this. In Chinese: 从未写过的句子。');
  expect(inEnglish('invalid', '“中文”不是允许的值。')).toBe('This is not accepted. In Chinese: “中文”不是允许的值。');
  expect(inEnglish('invalid', 'already English')).toBe('already English');
});

/** Every sentence of the C sources, literals joined, conversions as {}. */
function spoken(): string {
  const root = join(__dirname, '../../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.c') && !name.endsWith('_test.c'));
  return files
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n')
    .replace(/"\s*PRI[a-z0-9]+\s*"/gi, 'd')
    .replace(/"\s*\n\s*"/g, '')
    .replace(/%(\.?\d*|\.\*)?(ll|l|z)?[sdcu]/g, '{}');
}

it('knows no sentence that the server does not say', () => {
  const sources = spoken();
  expect(said.map(([chinese]) => chinese).filter((chinese) => !sources.includes(`"${chinese}"`))).toEqual([]);
  expect(new Set(said.map(([chinese]) => chinese)).size).toBe(said.length);
});
