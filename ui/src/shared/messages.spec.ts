// Every text exists in both languages, with the same places for values, and every key that a
// page uses exists.
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';

import type { MessageTree } from './area';

const files = import.meta.glob<MessageTree>('../*/messages.*.ts', { eager: true, import: 'default' });
const sources = import.meta.glob<string>(['../**/*.{vue,ts}', '!../**/*.spec.ts', '!../**/messages.*.ts'], { eager: true, query: '?raw', import: 'default' });

function flat(tree: MessageTree, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(prefix + key, value);
    else for (const [k, v] of flat(value, `${prefix}${key}.`)) all.set(k, v);
  }
  return all;
}

const area = (file: string) => (file.startsWith('./') ? 'shared' : (file.split('/')[1] ?? ''));
const areas = [...new Set(Object.keys(files).map(area))].sort();
function messages(name: string, lang: 'zh' | 'en') {
  const file = Object.keys(files).find((f) => area(f) === name && f.endsWith(`messages.${lang}.ts`));
  return file ? flat(files[file] ?? {}) : undefined;
}
const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe.each(areas)('messages of %s', (name) => {
  const zh = messages(name, 'zh');
  const en = messages(name, 'en');

  it('has the same keys in both languages', () => {
    expect([...(en?.keys() ?? [])].sort()).toEqual([...(zh?.keys() ?? [])].sort());
  });

  it('names the same values, is never empty, and compiles', () => {
    const problems: string[] = [];
    for (const [lang, texts] of Object.entries({ 'zh-CN': zh, en })) {
      const i18n = createI18n({ legacy: false, locale: lang, missingWarn: true, messages: { [lang]: Object.fromEntries(texts ?? []) }, flatJson: true });
      const t = i18n.global.t as unknown as (key: string, values: object) => string;
      for (const [key, text] of texts ?? []) {
        if (!text.trim()) problems.push(`${lang} ${key} is empty`);
        if (lang === 'en' && places(text).join() !== places(zh?.get(key) ?? '').join()) problems.push(`${key}: {…} differ`);
        const values = Object.fromEntries(places(text).map((p) => [p, '7']));
        const shown = t(key, values);
        const plain = text.replace(/\{(\w+)\}/g, '7').replace(/\{'(.)'\}/g, '$1');
        if (shown !== plain) problems.push(`${lang} ${key} reads as "${shown}"; write @ { } | as {'@'}`);
      }
    }
    expect(problems).toEqual([]);
  });
});

it('has every key the sources use', () => {
  const known = new Set(areas.flatMap((name) => [...(messages(name, 'zh')?.keys() ?? [])].map((key) => `${name}.${key}`)));
  const missing: string[] = [];
  for (const [file, source] of Object.entries(sources)) {
    for (const [, key = ''] of source.matchAll(/\bt\(\s*'([a-z]\w*(?:\.\w+)+)'/g)) if (!known.has(key)) missing.push(`${file}: ${key}`);
    for (const [, key = ''] of source.matchAll(/\btitle: '([a-z]\w*(?:\.\w+)+)'/g)) if (!known.has(key)) missing.push(`${file}: ${key}`);
  }
  expect(missing).toEqual([]);
});
