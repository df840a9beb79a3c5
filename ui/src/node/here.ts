// Whether this desk is a room node's. One per page; asked once, before anybody signs in.
import { shallowRef } from 'vue';

import { api } from '../shared/api';
import type { Here } from './types';

export const here = shallowRef<Here>({ is_node: false });

/** Fails quietly: then it looks like a centre, and every page says what it cannot reach. */
export async function loadHere(): Promise<void> {
  try {
    here.value = await api<Here>('GET', '/api/here', undefined, { quiet401: true });
  } catch {
    /* asked again with the next page */
  }
}

let asked: Promise<void> | undefined;
/** Waits for the first answer, which every page asks for once. */
export const knowHere = (): Promise<void> => (asked ??= loadHere());
