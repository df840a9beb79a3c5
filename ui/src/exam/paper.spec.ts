// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { be32, hex, join, random, setBe64, utf8, viewOf, type Bytes } from './bytes';
import { readNumber } from './drafts';
import { differences, rowsOf } from './door';
import { aesSeal, importAes, sha256 } from './keys';
import { blocks, isBlob, openBlob, paperKey, readPaper } from './paper';

async function seal(plain: Bytes, key: Bytes): Promise<Bytes> {
  const head = new Uint8Array(128);
  const view = viewOf(head);
  head.set(utf8('HNP1'));
  head[4] = 1;
  view.setUint16(6, 128);
  head.set(random(16), 8);
  view.setUint32(40, 3);
  view.setUint32(44, 17);
  head.set(random(12), 52);
  head.set(await sha256(join(utf8('heng/paper-key/1\0\0\0\0'), head.subarray(8, 24), be32(3), be32(17), key)), 64);
  setBe64(view, 96, plain.length);
  const padded = join(plain, new Uint8Array((4096 - (plain.length % 4096)) % 4096));
  return join(head, await aesSeal(await importAes(key, false), head.slice(52, 64), head, padded));
}

const exam = {
  paper: '00',
  title: '样卷',
  sections: [
    { name: '一、单选', kind: 'single', count: 1, millimarks: 1000, items: [{ n: 1, kind: 'single', stem: '甲？', options: [{ id: 'C', text: '丙' }, { id: 'A', text: '甲' }] }] },
    { name: '二、案例', kind: 'case', count: 1, millimarks: 4000, items: [{ kind: 'case', stem: '材料', items: [{ n: 2, kind: 'true_false', millimarks: 1500, stem: '对？' }, { n: 3, kind: 'numeric', stem: '几？', unit: '元' }] }] },
  ],
};

describe('the sealed paper', () => {
  const key = random(32);
  const plain = utf8(JSON.stringify(exam));

  it('opens with its key, strong and weak', async () => {
    const blob = await seal(plain, key);
    expect(await isBlob(blob, hex(await sha256(blob)))).toBe(true);
    for (const weak of [false, true]) expect(hex(await openBlob(blob, await paperKey(blob, key, weak)))).toBe(hex(plain));
  });

  it('refuses another key before it decrypts, and any changed byte', async () => {
    const blob = await seal(plain, key);
    await expect(paperKey(blob, random(32), false)).rejects.toThrow('key');
    const good = await paperKey(blob, key, false);
    for (const at of [0, 4, 7, 8, 40, 52, 64, 96, 112, 127, 128, 500, blob.length - 1]) {
      const changed = blob.slice();
      changed[at] = (changed[at] as number) ^ 1;
      await expect(openBlob(changed, good)).rejects.toThrow();
      expect(await isBlob(changed, hex(await sha256(blob)))).toBe(false);
    }
    await expect(openBlob(blob.slice(0, 100), good)).rejects.toThrow();
  });

  it('reads sections, cases and numbers', () => {
    const paper = readPaper(plain);
    expect(paper.screens.map((s) => s.items.map((i) => i.n))).toEqual([[1], [2, 3]]);
    expect(paper.sections.map((s) => s.numbers)).toEqual([[1], [2, 3]]);
    expect([paper.screens[1]?.material, paper.screenOf.get(3), paper.items.get(3)?.unit]).toEqual(['材料', 1, '元']);
    expect([paper.items.get(1)?.marks, paper.items.get(2)?.marks, paper.screens[1]?.marks]).toEqual([1000, 1500, 4000]);
    expect(paper.items.get(1)?.options.map((o) => o.key)).toEqual(['C', 'A']);
  });

  it.each([
    ['no JSON', 'x'],
    ['no items', '{}'],
    ['an unknown kind', JSON.stringify({ sections: [{ items: [{ n: 1, kind: 'hotspot' }] }] })],
    ['a number twice', JSON.stringify({ sections: [{ items: [{ n: 1, kind: 'short' }, { n: 1, kind: 'short' }] }] })],
    ['options without letters', JSON.stringify({ sections: [{ items: [{ n: 1, kind: 'single', options: [{ text: '甲' }, { text: '乙' }] }] }] })],
    ['a letter twice', JSON.stringify({ sections: [{ items: [{ n: 1, kind: 'multiple', options: [{ id: 'A' }, { id: 'A' }] }] }] })],
    ['a number of none', JSON.stringify({ sections: [{ items: [{ kind: 'short' }] }] })],
  ])('refuses a paper with %s', (_what, text) => {
    expect(() => readPaper(utf8(text))).toThrow();
  });
});

it('knows paragraphs, tables and bold, and nothing else', () => {
  expect(blocks('一 **不** 二\n\n| 甲 | 乙 |\n|---|---|\n| 1 | <b>2</b> |\n三')).toEqual([
    { kind: 'text', runs: [{ bold: false, text: '一 ' }, { bold: true, text: '不' }, { bold: false, text: ' 二' }] },
    { kind: 'table', head: [[{ bold: false, text: '甲' }], [{ bold: false, text: '乙' }]], rows: [[[{ bold: false, text: '1' }], [{ bold: false, text: '<b>2</b>' }]]] },
    { kind: 'text', runs: [{ bold: false, text: '三' }] },
  ]);
});

it('reads figures as people type them', () => {
  const cases: [string, string | undefined][] = [['12.50', '12.50'], ['１２．５', '12.5'], ['4,800', '4800'], ['−3', '-3'], ['.5', '0.5'], ['-.5', '-0.5'], ['7.', '7'], ['十二', undefined], ['1e5', undefined], ['', undefined], ['1.2.3', undefined]];
  for (const [typed, read] of cases) expect(readNumber(typed)).toBe(read);
});

it('finds the answers that differ after a fork', () => {
  const here = new Map(rowsOf('a', [{ item: 1, response: ['A'] }, { item: 2, response: 'x' }, { item: 3, visited: true }, { item: 5, response: true }]).map((r) => [r.item, r]));
  const there = rowsOf('a', [{ item: 1, response: ['A'] }, { item: 2, response: 'y' }, { item: 4, response: false }, { item: 5, response: null }]);
  expect(differences(here, there)).toEqual([
    { item: 2, here: 'x', there: 'y' },
    { item: 4, here: undefined, there: false },
    { item: 5, here: true, there: undefined },
  ]);
});
