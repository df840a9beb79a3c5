// Scanned answer sheets (src/web/scan.c).
import type { Id, Ms } from '../shared/api';
import { typed, type Place } from './typed';

export const SCAN_STATES = ['none', 'incomplete', 'doubtful', 'check', 'typing', 'done'] as const;
export type ScanState = (typeof SCAN_STATES)[number];
export interface ScanAttempt {
  attempt: Id;
  room: string;
  seat: number;
  ticket: string;
  pages: number;
  pages_read: number;
  doubtful: number;
  widened: boolean;
  may_check: boolean;
  state: ScanState;
}
/** A page that does not count. */
export interface ScanRefusal {
  id: Id;
  file: Id;
  no: number;
  at_ms: Ms;
  attempt?: Id;
  page: number;
  why: string;
  /** Why it was set aside. */
  aside?: string;
}
/** A page that counts, or counted until it was withdrawn. */
export interface ScanPage {
  id: Id;
  page: number;
  at_ms: Ms;
  withdrawn?: string;
  withdrawn_ms?: Ms;
}
export interface Scans {
  attempts: ScanAttempt[];
  refused: ScanRefusal[];
}
export interface ScanReport {
  file: Id;
  known: boolean;
  pages: number;
  read: number;
  refused: number;
  doubtful: number;
  entered: number;
}
export interface ScanLook {
  n: number;
  place: Place;
  page: Id;
  doubt?: string;
  why?: string;
  at: { x: number; y: number; width: number; height: number };
}

/** The part of the page that shows a place, with a little around it, as an SVG view box in millimetres. */
export function viewBox(at: ScanLook['at']): string {
  const around = 1.5;
  return [at.x - around, at.y - around, at.width + 2 * around, at.height + 2 * around].map((v) => v.toFixed(1)).join(' ');
}

/** What pressing a number key makes of the text typed so far: 1 is A; of several choices it is switched. */
export function press(place: Place, text: string, key: string): string | undefined {
  const number = Number(key);
  if (!Number.isInteger(number) || number < 1) return undefined;
  if (place.kind === 'true_false') return number === 1 ? '对' : number === 2 ? '错' : undefined;
  if (place.kind !== 'single' && place.kind !== 'multiple') return undefined;
  if (number > (place.options?.length ?? 0)) return undefined;
  const letter = String.fromCharCode(64 + number);
  if (place.kind === 'single') return letter;
  return text.includes(letter) ? text.replace(letter, '') : [...text, letter].sort().join('');
}

/** The media type that the server is told; scanners' files have many names. */
export function scanType(name: string): string {
  const end = name.toLowerCase().split('.').pop() ?? '';
  return ({ jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', tif: 'image/tiff', tiff: 'image/tiff', pdf: 'application/pdf' } as Record<string, string>)[end] ?? 'application/octet-stream';
}

export const readable = (place: Place, text: string) => typed(place, text) !== undefined;

/** How many sheets are in each state. */
export function countStates(attempts: ScanAttempt[]): Record<ScanState, number> {
  const counts = Object.fromEntries(SCAN_STATES.map((state) => [state, 0])) as Record<ScanState, number>;
  for (const one of attempts) counts[one.state]++;
  return counts;
}

/** Pages that somebody must still see to: all but those set aside, and those of a sheet that has all its pages by now. */
export function openRefusals({ attempts, refused }: Scans): ScanRefusal[] {
  const whole = new Set(attempts.filter((a) => a.pages_read >= a.pages).map((a) => a.attempt));
  return refused.filter((one) => !one.aside && (!one.attempt || !whole.has(one.attempt)));
}

/** The next sheet with something for this person to look at, after the one that is open now. */
export function nextSheet(attempts: ScanAttempt[], now: Id, check: boolean): ScanAttempt | undefined {
  const at = attempts.findIndex((a) => a.attempt === now);
  return [...attempts.slice(at + 1), ...attempts.slice(0, Math.max(at, 0))].find((a) => (check ? a.may_check : a.state === 'doubtful'));
}
