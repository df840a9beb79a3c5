// Issuing all certificates that are due, one after the other, so that progress and refusals show.
import { computed, ref } from 'vue';

import { api, asApiError, url, type ApiError, type Id } from '../shared/api';

export interface Due {
  id: Id;
  entry: Id;
  programme: string;
  level: number;
  direction: string;
  state: string;
  due: boolean;
}

export interface Refused {
  award: Id;
  error: ApiError;
}

export function useIssue() {
  const of = ref(0);
  const done = ref(0);
  const issued = ref(0);
  const refused = ref<Refused[]>([]);
  const running = ref(false);
  const stopped = ref<ApiError>();
  let halt = false;

  /** What cannot be issued is named and does not stop the rest; a server that is away does. */
  async function issue(awards: Id[]): Promise<void> {
    if (running.value) return;
    running.value = true;
    halt = false;
    of.value = awards.length;
    done.value = issued.value = 0;
    refused.value = [];
    stopped.value = undefined;
    for (const award of awards) {
      if (halt) break;
      try {
        await api('POST', url`/api/awards/${award}/certificate`);
        issued.value += 1;
      } catch (thrown) {
        const error = asApiError(thrown);
        if (error.status === 0 || error.status === 401 || error.status === 403 || error.status >= 500) {
          stopped.value = error;
          break;
        }
        refused.value = [...refused.value, { award, error }];
      }
      done.value += 1;
    }
    running.value = false;
  }

  return { of, done, issued, refused, running, stopped, issue, halt: () => (halt = true), share: computed(() => (of.value ? done.value / of.value : 0)) };
}
