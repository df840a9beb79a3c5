// Asks the judge while the form is being filled in. Two questions: with what is proved so far,
// and as if everything were proved – the second tells which clause the papers will decide.
import { onScopeDispose, shallowRef, watch } from 'vue';

import { api, asApiError, type ApiError } from '../shared/api';
import { factsToJudge, type Facts } from './portalFacts';
import type { Eligibility, Verdict } from './portalTypes';

export interface Question {
  programme: string;
  level: number;
  direction: string | null;
  facts: Facts;
  /** The day of judging, as the server last said; else it takes today. */
  as_of?: string;
}

/** What the line on top says. `likely`: would be met once proved. */
export type Headline = 'met' | 'likely' | 'review' | 'not_met' | 'free';

export interface Judged {
  now: Eligibility;
  /** Verdict of each clause if everything were proved, by id. */
  later: Record<string, Verdict>;
  headline: Headline;
  /** Printed numbers of the clauses that the headline is about. */
  numbers: string[];
}

export function summarise(now: Eligibility, assumed: Eligibility): Judged {
  const later = Object.fromEntries(assumed.clauses.map((c) => [c.id, c.verdict]));
  const of = (list: Eligibility, verdict: Verdict) => list.clauses.filter((c) => c.verdict === verdict).map((c) => c.no);
  if (!now.clauses.length) return { now, later, headline: 'free', numbers: [] };
  if (now.verdict === 'met') return { now, later, headline: 'met', numbers: of(now, 'met') };
  if (now.verdict === 'not_met') return { now, later, headline: 'not_met', numbers: [] };
  if (assumed.verdict === 'met') return { now, later, headline: 'likely', numbers: of(assumed, 'met') };
  return { now, later, headline: 'review', numbers: of(now, 'unknown') };
}

const PAUSE_MS = 250;

export function useJudge(question: () => Question | undefined) {
  const judged = shallowRef<Judged>();
  const error = shallowRef<ApiError>();
  const busy = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;

  async function ask(q: Question) {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    busy.value = true;
    const put = (assumed: boolean) =>
      api<{ eligibility: Eligibility }>(
        'POST',
        '/api/eligibility',
        { programme: q.programme, level: q.level, ...(q.direction ? { direction: q.direction } : {}), ...(q.as_of ? { as_of: q.as_of } : {}), facts: factsToJudge(q.facts, assumed) },
        { signal: mine.signal },
      );
    try {
      const [now, assumed] = await Promise.all([put(false), put(true)]);
      if (current !== mine) return;
      judged.value = summarise(now.eligibility, assumed.eligibility);
      error.value = undefined;
    } catch (thrown) {
      if (current === mine && !mine.signal.aborted) error.value = asApiError(thrown);
    } finally {
      if (current === mine) busy.value = false;
    }
  }

  watch(
    () => {
      const q = question();
      return q ? JSON.stringify([q.programme, q.level, q.direction, q.as_of, factsToJudge(q.facts, false)]) : '';
    },
    (text) => {
      clearTimeout(timer);
      const q = question();
      if (!text || !q) return;
      timer = setTimeout(() => void ask(q), judged.value ? PAUSE_MS : 0);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    current?.abort();
  });

  const retry = () => {
    const q = question();
    return q && ask(q);
  };
  return { judged, error, busy, retry };
}
