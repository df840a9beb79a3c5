// An item while it is written: a new one, another kind, what is sent, what was touched. Pure.
import { kindOf } from './kinds';
import type { Body, ItemObject, Part } from './types';

const OWN = ['options', 'premises', 'parameters', 'require', 'numbers', 'picture', 'areas', 'accept', 'max_kib', 'key', 'guide', 'errors', 'items'] as const;

export function fresh(kind: string): ItemObject {
  return { id: '', kind, levels: [], directions: [], points: [], stem: '', explanation: '', difficulty: 3, cognitive: 'apply', importance: 'Y', law: [], enemies: [], sources: ['own'], ...kindOf(kind)?.blank() };
}

/** The same question as another kind: what only the old kind had goes. */
export function switched<B extends Body & { kind: string }>(body: B, kind: string): B {
  const kept = { ...body, kind };
  for (const member of OWN) delete kept[member];
  const blank = kindOf(kind)?.blank() ?? {};
  // Options stay between kinds that have them; the key must be chosen again.
  if (blank.options && body.options) blank.options = body.options;
  return Object.assign(kept, blank);
}

export const freshPart = (kind: string): Part => ({ kind, stem: '', marks: 2, ...kindOf(kind)?.blank() });

function tidyBody<B extends Body>(body: B): B {
  const out = { ...body };
  if (out.guide) out.guide = out.guide.map((g) => ({ ...g, accept: (g.accept ?? []).map((a) => a.trim()).filter(Boolean) }));
  if (out.premises) out.premises = out.premises.map((p) => p.trim());
  if (out.errors) out.errors = out.errors.map((e) => e.trim()).filter(Boolean);
  if (out.require) out.require = out.require.map((r) => r.trim()).filter(Boolean);
  if (out.areas) out.areas = out.areas.map(({ name, ...area }) => (name?.trim() ? { ...area, name: name.trim() } : area));
  if (out.items) out.items = out.items.map(tidyBody);
  return out;
}

/** As it is sent. The author and the stamps are the server's. */
export function prepared(object: ItemObject): ItemObject {
  const out = tidyBody({ ...object, id: object.id.trim() });
  delete out.reviewed_by;
  out.law = (out.law ?? []).filter((l) => l.name.trim() || l.version.trim() || l.article.trim());
  if (out.pictures) out.pictures = out.pictures.map((p) => ({ ...p, alt: p.alt.trim() }));
  if (out.media) out.media = out.media.map(({ transcript, ...m }) => ({ ...m, alt: m.alt.trim(), ...(transcript?.trim() ? { transcript: transcript.trim() } : {}) }));
  out.enemies = (out.enemies ?? []).map((e) => e.trim()).filter(Boolean);
  return out;
}

/** What stands at a JSON pointer. */
export function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((here, step) => (here !== null && typeof here === 'object' ? (here as Record<string, unknown>)[step.replace(/~1/g, '/').replace(/~0/g, '~')] : undefined), value);
}

/** Whether the author has worked on this place since the page opened. */
export const touched = (before: unknown, now: unknown, pointer: string): boolean => JSON.stringify(at(before, pointer)) !== JSON.stringify(at(now, pointer));

/** "n0-1、n0-2" in any separators. */
export const names = (text: string): string[] => text.split(/[\s,，、;；]+/).filter(Boolean);
