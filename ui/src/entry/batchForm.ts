// What is typed for a batch, and the body that is sent. Pure.
import { day, readDay, time } from '../shared/format';
import type { Ms } from '../shared/api';

/** Policy members in the order in which they are asked; a blank one keeps the programme's own. */
export const POLICY = [
  { key: 'fee_fen', unit: 'yuan' },
  { key: 'resit_fee_fen', unit: 'yuan' },
  { key: 'ticket_days', unit: 'days' },
  { key: 'late_minutes', unit: 'minutes' },
  { key: 'earliest_hand_in_minutes', unit: 'minutes' },
  { key: 'result_days', unit: 'working' },
  { key: 'notice_days', unit: 'working' },
  { key: 'recheck_days', unit: 'working' },
  { key: 'certificate_days', unit: 'working' },
  { key: 'part_validity_days', unit: 'days' },
  { key: 'max_resits', unit: 'times' },
  { key: 'free_resits', unit: 'times' },
] as const;
export type PolicyKey = (typeof POLICY)[number]['key'];
export type Policy = Record<PolicyKey, number> & { quota_waits_for_review: boolean };

/** 2026-11-21 17:00 */
export const instant = (ms: Ms): string => `${day(ms)} ${time(ms)}`;

/** The reverse; a day alone is its beginning, as a deadline its last minute. Undefined when it is no time. */
export function readInstant(text: string, alone: 'begins' | 'ends' = 'begins'): Ms | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:\s+(\d{1,2}):(\d{2}))?$/.exec(text.trim());
  const start = match ? readDay(match[1] ?? '') : undefined;
  if (!match || start === undefined) return undefined;
  const [hours, minutes] = match[2] ? [Number(match[2]), Number(match[3])] : alone === 'ends' ? [23, 59] : [0, 0];
  return hours > 24 || minutes > 59 || (hours === 24 && minutes) ? undefined : start + (hours * 60 + minutes) * 60_000;
}

/** What a person types for one policy member as the number that is sent; NaN when it is none. */
export function readPolicy(key: PolicyKey, text: string): number | undefined {
  const plain = text.trim();
  if (!plain) return undefined;
  if (key.endsWith('_fen')) {
    const match = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(plain.replace(/,/g, ''));
    return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : NaN;
  }
  return /^-?\d{1,6}$/.test(plain) ? Number(plain) : NaN;
}

export interface BatchValues {
  title: string;
  programme: string;
  apply_from: string;
  apply_until: string;
  exam_from: string;
  exam_until: string;
  quota: string;
  levels: { level: number; on: boolean; quota: string }[];
  policy: Record<PolicyKey, string>;
  waits: boolean;
}

export const emptyPolicy = (): Record<PolicyKey, string> => Object.fromEntries(POLICY.map((p) => [p.key, ''])) as Record<PolicyKey, string>;

/** Pointers of what is no number and no time, so that the page can say it before it sends. */
export function wrong(v: BatchValues): string[] {
  const bad: string[] = [];
  if (readInstant(v.apply_from) === undefined) bad.push('/apply_from_ms');
  if (readInstant(v.apply_until, 'ends') === undefined) bad.push('/apply_until_ms');
  if (readDay(v.exam_from) === undefined) bad.push('/exam_from');
  if (readDay(v.exam_until) === undefined) bad.push('/exam_until');
  if (!/^\d{0,6}$/.test(v.quota.trim())) bad.push('/quota');
  if (!v.levels.some((l) => l.on) || v.levels.some((l) => l.on && !/^\d{0,6}$/.test(l.quota.trim()))) bad.push('/levels');
  for (const { key } of POLICY) if (Number.isNaN(readPolicy(key, v.policy[key]))) bad.push(`/policy/${key}`);
  return bad;
}

export function body(v: BatchValues): Record<string, unknown> {
  const policy: Record<string, number | boolean> = {};
  for (const { key } of POLICY) {
    const n = readPolicy(key, v.policy[key]);
    if (n !== undefined) policy[key] = n;
  }
  if (v.waits) policy['quota_waits_for_review'] = true;
  return {
    title: v.title.trim(),
    programme: v.programme,
    apply_from_ms: readInstant(v.apply_from),
    apply_until_ms: readInstant(v.apply_until, 'ends'),
    exam_from: v.exam_from.trim(),
    exam_until: v.exam_until.trim(),
    ...(v.quota.trim() ? { quota: Number(v.quota) } : {}),
    levels: v.levels.filter((l) => l.on).map((l) => ({ level: l.level, ...(l.quota.trim() ? { quota: Number(l.quota) } : {}) })),
    ...(Object.keys(policy).length ? { policy } : {}),
  };
}
