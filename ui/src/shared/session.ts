// Who is signed in. One per page; both portal and desk use it.
import { reactive, readonly } from 'vue';

import type { ApiError} from './api';
import { api, asApiError, onUnauthorised, type Id } from './api';

export interface Account {
  id: Id;
  display_name: string;
  roles: string[];
  needs_totp_enrolment: boolean;
  must_change_password: boolean;
}

interface State {
  account: Account | null;
  /** We have asked the server who we are. */
  known: boolean;
  /** The sign-in ended under a page in use: the page stays, sign-in is shown above it. */
  expired: boolean;
  /** We could not ask. */
  error: ApiError | null;
}

const state = reactive<State>({ account: null, known: false, expired: false, error: null });

onUnauthorised(() => {
  if (state.account) state.expired = true;
});

export const session = readonly(state) as Readonly<State>;

/** Asks once; again after a failure. */
export async function loadSession(): Promise<void> {
  if (state.known) return;
  try {
    state.account = (await api<{ account: Account }>('GET', '/api/me', undefined, { quiet401: true })).account;
    state.error = null;
    state.known = true;
  } catch (thrown) {
    const error = asApiError(thrown);
    state.known = error.status === 401;
    state.error = state.known ? null : error;
  }
}

/** True when the same person is back on the page that waited for them. */
export async function signIn(login: string, password: string, code: string): Promise<boolean> {
  const body = code ? { login, password, code } : { login, password };
  const { account } = await api<{ account: Account }>('POST', '/api/sign-in', body, { quiet401: true });
  const same = state.expired && state.account?.id === account.id;
  state.account = account;
  state.known = true;
  state.expired = false;
  return same;
}

/** A new account of one's own; whoever made it is signed in. */
export async function register(login: string, password: string, display_name: string): Promise<void> {
  state.account = (await api<{ account: Account }>('POST', '/api/register', { login, password, display_name }, { quiet401: true })).account;
  state.known = true;
  state.expired = false;
}

export async function signOut(): Promise<void> {
  try {
    await api('POST', '/api/sign-out', {}, { quiet401: true });
  } catch (thrown) {
    if (asApiError(thrown).status !== 401) throw thrown;
  }
  state.account = null;
  state.expired = false;
}

export async function changePassword(old: string, fresh: string): Promise<void> {
  await api('POST', '/api/me/password', { old, new: fresh });
  if (state.account) state.account.must_change_password = false;
}

export function totpEnrolled(): void {
  if (state.account) state.account.needs_totp_enrolment = false;
}

/** Where this account must go before anything else, or null. */
export function duty(): '/password' | '/totp' | null {
  if (state.account?.must_change_password) return '/password';
  return state.account?.needs_totp_enrolment ? '/totp' : null;
}

export const hasRole = (...roles: string[]): boolean => !!state.account?.roles.some((role) => roles.includes(role));
