// Acts that wait for a second person: what was proposed, and how the second one answers.
import { ref } from 'vue';

import { api, url, withQuery, type Id, type Ms } from '../shared/api';

/** The server's answer (202) when an act needs a second person. */
export interface Proposed {
  approval: { id: Id; act: string; expires: Ms };
}

export type ApprovalState = 'open' | 'done' | 'refused' | 'expired';

export interface Approval {
  id: Id;
  act: string;
  /** The act in words. */
  label: string;
  object: Id | null;
  summary: string | null;
  proposer: string | null;
  mine: boolean;
  may_confirm: boolean;
  at_ms: Ms;
  expires_ms: Ms;
  state: ApprovalState;
  confirmed_by: string | null;
  refuse_reason: string | null;
  decided_ms?: Ms;
}

export const isProposed = (reply: unknown): reply is Proposed => typeof reply === 'object' && reply !== null && 'approval' in reply;

export const approvalsPath = (all: boolean): string => withQuery('/api/approvals', { all: all ? 1 : '', limit: 200 });

/** Waits for me: not my own, in time, and mine to confirm. */
export const waitsForMe = (a: Approval): boolean => a.may_confirm && a.state === 'open';

export const listApprovals = (signal?: AbortSignal) => api<{ approvals: Approval[] }>('GET', approvalsPath(false), undefined, { signal });

export const confirmApproval = (id: Id, code: string) => api('POST', url`/api/approvals/${id}/confirm`, { code });

export const refuseApproval = (id: Id, reason: string) => api('POST', url`/api/approvals/${id}/refuse`, { reason });

/** How many wait for me, for the bar. */
export const pending = ref(0);

export async function refreshPending(): Promise<void> {
  try {
    pending.value = (await listApprovals()).approvals.filter(waitsForMe).length;
  } catch {
    /* the bar stays as it was; the page itself shows what went wrong */
  }
}
