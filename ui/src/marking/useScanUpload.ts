// Files of scans, sent one after the other: hundreds of them take minutes, and one that is refused holds up none.
import { computed, ref, shallowRef } from 'vue';

import { api, asApiError, url, type ApiError, type Id } from '../shared/api';
import { scanType, type ScanReport } from './scans';

export interface SentFile {
  file: File;
  state: 'waits' | 'sends' | 'done' | 'failed';
  report?: ScanReport;
  error?: ApiError;
}

export function useScanUpload(session: () => Id, landed: () => void) {
  const files = shallowRef<SentFile[]>([]);
  const busy = ref(false);
  const stopping = ref(false);
  const set = (at: number, change: Partial<SentFile>) => (files.value = files.value.map((one, i) => (i === at ? { ...one, ...change } : one)));
  const done = computed(() => files.value.filter((one) => one.state === 'done' || one.state === 'failed').length);
  const failed = computed(() => files.value.filter((one) => one.state === 'failed').length);
  const waits = computed(() => files.value.some((one) => one.state === 'waits'));
  const total = computed(() => {
    const sum = { pages: 0, read: 0, refused: 0, doubtful: 0, entered: 0, known: 0 };
    for (const { report } of files.value) {
      if (!report) continue;
      sum.known += Number(report.known);
      for (const key of ['pages', 'read', 'refused', 'doubtful', 'entered'] as const) sum[key] += report[key];
    }
    return sum;
  });
  /** By what file of this visit a page came; of earlier ones only the time is known. */
  const nameOf = (file: Id) => files.value.find((one) => one.report?.file === file)?.file.name;

  function choose(list: FileList | null) {
    files.value = [...(list ?? [])].map((file) => ({ file, state: 'waits' }));
  }
  async function send() {
    if (busy.value) return;
    busy.value = true;
    stopping.value = false;
    for (let at = 0; at < files.value.length && !stopping.value; at++) {
      const one = files.value[at];
      if (one?.state !== 'waits') continue;
      set(at, { state: 'sends' });
      try {
        const report = await api<ScanReport>('POST', url`/api/sessions/${session()}/scans`, new Blob([one.file], { type: scanType(one.file.name) }));
        set(at, { state: 'done', report });
      } catch (thrown) {
        set(at, { state: 'failed', error: asApiError(thrown) });
      }
      landed();
    }
    busy.value = false;
  }
  const stop = () => (stopping.value = true);
  function again() {
    files.value = files.value.map((one) => (one.state === 'failed' ? { file: one.file, state: 'waits' } : one));
    void send();
  }
  return { files, busy, stopping, done, failed, waits, total, nameOf, choose, send, stop, again };
}
