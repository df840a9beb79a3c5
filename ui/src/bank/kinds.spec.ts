// What GET /api/item-words names (src/bank/kinds.def) and what the desk can edit are the same.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import fixture from './item-words.fixture.json';
import { kinds } from './kinds';
import { fresh, prepared, switched } from './itemForm';
import en from './messages.en';
import zh from './messages.zh';

const rows = [...readFileSync(resolve(process.cwd(), '../src/bank/kinds.def'), 'utf8').matchAll(/^ITEM_KIND\((\w+)\)/gm)].map((m) => m[1]);

describe('kinds', () => {
  it('has a fixture that is what src/bank/kinds.def says (vitest -u writes it anew)', async () => {
    await expect(`${JSON.stringify({ kinds: rows }, null, 2)}\n`).toMatchFileSnapshot('./item-words.fixture.json');
  });
  it('has an editor and a word for every kind, and for none besides', () => {
    expect(kinds.map((k) => k.name).sort()).toEqual([...fixture.kinds].sort());
    expect(Object.keys(zh.kind).sort()).toEqual([...fixture.kinds].sort());
    expect(Object.keys(en.kind).sort()).toEqual([...fixture.kinds].sort());
  });
  it.each(kinds.map((k) => [k.name, k]))('%s: keeps stem and explanation when it is chosen, and sends only its members', (name, kind) => {
    const object = switched({ ...fresh('single'), stem: '问', explanation: '解' }, String(name));
    expect(object).toMatchObject({ kind: name, stem: '问', explanation: '解' });
    const own = ['key', 'options', 'premises', 'parameters', 'require', 'numbers', 'picture', 'areas', 'accept', 'max_kib', 'guide', 'errors', 'items'].filter((member) => member in object);
    expect(own.sort()).toEqual(Object.keys(kind.blank()).sort());
    expect(prepared(object)).not.toHaveProperty('reviewed_by');
  });
});
