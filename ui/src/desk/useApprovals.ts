// Acts that wait for a second person: what was proposed, and how the second one confirms.
import { ref } from 'vue';

import { api, url, type Id, type Ms } from '../shared/api';

/** The server's answer (202) when an act needs a second person. */
export interface Proposed {
  approval: { id: Id; act: string; expires: Ms };
}

export interface Approval {
  id: Id;
  act: string;
  object: string;
  summary: string;
  /** Who proposed: a name, or the account with its name. */
  by: string | { id: Id; display_name: string };
  at: Ms;
  expires: Ms;
}

export const isProposed = (reply: unknown): reply is Proposed => typeof reply === 'object' && reply !== null && 'approval' in reply;

export const nameOf = (by: Approval['by']): string => (typeof by === 'string' ? by : by.display_name);

export const listApprovals = (signal?: AbortSignal) => api<{ approvals: Approval[] }>('GET', '/api/approvals', undefined, { signal });

export const confirmApproval = (id: Id, code: string) => api('POST', url`/api/approvals/${id}/confirm`, { code });

/** How many wait, for the bar. */
export const pending = ref(0);

export async function refreshPending(): Promise<void> {
  try {
    pending.value = (await listApprovals()).approvals.length;
  } catch {
    /* the bar stays as it was; the page itself shows what went wrong */
  }
}
