// Pictures of an item on the desk: where they are fetched, how they are named, how areas are written.
import type { InjectionKey, Ref } from 'vue';

import type { Shown } from '../exam/pictures';
import { url } from '../shared/api';
import type { Area, ItemPicture } from './types';

export const PICTURES_MAX = 12;
export const AREAS_MAX = 8;
/** The pictures of the item being written, for the editors of its kinds and parts. */
export const PICTURES: InjectionKey<Ref<ItemPicture[]>> = Symbol('pictures');

/** Where a file of an item is fetched by who may not read the whole bank: the address of its digest. */
export type FileAt = (sha256: string) => string;

export const shownFromBank = (pictures: Omit<ItemPicture, 'type'>[] | undefined, at: FileAt = (sha256) => url`/api/items/pictures/${sha256}`): Shown[] =>
  (pictures ?? []).map((p) => ({ id: p.id, alt: p.alt, width: p.width, height: p.height, url: at(p.sha256) }));

/** p1, p2, …: the first that is free. */
export function freeId(pictures: { id: string }[]): string {
  for (let n = 1; ; n++) if (!pictures.some((p) => p.id === `p${n}`)) return `p${n}`;
}

/** "10, 20, 40, 50" as it is typed; undefined: not whole numbers. */
export function readCoords(text: string): number[] | undefined {
  const parts = text.normalize('NFKC').split(/[\s,、;]+/).filter(Boolean);
  return parts.length && parts.every((one) => /^\d{1,4}$/.test(one)) ? parts.map(Number) : undefined;
}

type Point = [number, number];
/** What a stroke from one point to another draws. */
export function drawn(shape: 'rect' | 'circle', [ax, ay]: Point, [bx, by]: Point): number[] {
  if (shape === 'rect') return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
  return [ax, ay, Math.max(1, Math.round(Math.hypot(bx - ax, by - ay)))];
}

/** Where the letter of an area stands. */
export function anchor(area: Area): Point {
  const [x = 0, y = 0] = area.coords;
  if (area.shape !== 'poly') return [x, y];
  const xs = area.coords.filter((_, i) => i % 2 === 0);
  const ys = area.coords.filter((_, i) => i % 2 === 1);
  const mean = (list: number[]) => (list.length ? Math.round(list.reduce((a, b) => a + b, 0) / list.length) : 0);
  return [mean(xs), mean(ys)];
}
export const corners = (area: Area): string => area.coords.map((c, i) => (i % 2 ? `${c} ` : `${c},`)).join('').trim();
