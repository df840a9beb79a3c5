// What a candidate who knows everything knows: the keys of the starter bank, by stem.
import { readFileSync, readdirSync } from 'node:fs';

import { truth } from './check.mjs';

const folder = new URL('../../data/banks/national-2023/', import.meta.url);
const bare = (text) => text.replace(/\*\*|\s/g, '');
const stemOf = (text) => text.replace(/!\[[\w-]+\]/g, '').replace(/[^\p{L}\p{N}]/gu, '');

const items = new Map();
for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl')))
  for (const line of readFileSync(new URL(file, folder), 'utf8').split('\n')) {
    if (!line.trim()) continue;
    const item = JSON.parse(line);
    items.set(stemOf(item.stem), item);
  }

/** The middle of the first right area of a hotspot, or of the first wrong one, in pixels of its picture. */
export function pointOf(stem, right) {
  const item = truth(items.get(stemOf(stem)), `the bank knows: ${stem}`);
  const { shape, coords } = truth(item.areas.find((_, i) => item.key.includes(String.fromCharCode(65 + i)) === right), `such an area of: ${stem}`);
  return shape === 'rect' ? [Math.round((coords[0] + coords[2]) / 2), Math.round((coords[1] + coords[3]) / 2)] : [coords[0], coords[1]];
}

/** Which of the options shown, in the order shown, are right: their places from 0. */
export function rightPlaces({ stem, options }) {
  const item = truth(items.get(stemOf(stem)), `the bank knows: ${stem}`);
  if (item.kind === 'true_false') return [item.key ? 0 : 1];
  const keys = [item.key].flat().map((key) => bare(item.options[key.charCodeAt(0) - 65]));
  const places = keys.map((text) => options.findIndex((option) => bare(option) === text));
  truth(places.every((at) => at >= 0), `the options of: ${stem}: ${keys} in ${options}`);
  return places.sort();
}

/** An answer that earns nothing: another option, or one right option of several. */
export function wrongPlaces(shown) {
  const right = rightPlaces(shown);
  if (right.length > 1) return right.slice(0, 1);
  return [(right[0] + 1) % Math.max(shown.options.length, 2)];
}

/** Where a stem stands in a printed text; the foot of a page may lie between its halves. */
function foundAt(text, stem) {
  const whole = text.indexOf(stem);
  if (whole >= 0) return whole;
  for (let cut = 6; cut < stem.length - 6; cut++) {
    const at = text.indexOf(stem.slice(0, cut));
    if (at < 0) return -1;
    const rest = text.indexOf(stem.slice(cut), at + cut);
    if (rest >= 0 && rest - at < stem.length + 120) return at;
  }
  return -1;
}

/** The items of a printed paper in the order in which their stems stand in its text. */
export function printed(text, kinds) {
  const all = stemOf(text);
  return [...items]
    .filter(([, item]) => kinds.includes(item.kind))
    .map(([stem, item]) => ({ item, at: foundAt(all, stem) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
