// What a reload without network needs: the page by the service worker, the sealed paper in Cache
// Storage. Both exist only in a secure context; without them the paper lies in IndexedDB.
import type { Bytes } from './bytes';
import { isBlob } from './paper';
import { SERVICE_WORKER, scriptUrl } from './scripts';
import type { Store } from './store';
import { pathOf, type Id } from './wire';

const PAPERS = 'heng-exam-paper';

/** Resolves true when a reload without network will find this page. */
export async function keepPage(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  try {
    await navigator.serviceWorker.register(scriptUrl(SERVICE_WORKER), { scope: '/sit' });
    const { active } = await navigator.serviceWorker.ready;
    const paths = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
    return await new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), 15_000);
      navigator.serviceWorker.addEventListener('message', (e: MessageEvent<{ what?: string }>) => e.data?.what === 'kept' && resolve(true));
      active?.postMessage({ what: 'keep', paths, page: location.pathname });
    });
  } catch {
    return false;
  }
}

export async function keepPaper(store: Store, attempt: Id, blob: Bytes): Promise<void> {
  try {
    await (await caches.open(PAPERS)).put(pathOf(attempt, 'paper'), new Response(blob));
  } catch {
    await store.putPaper(attempt, blob).catch(() => {}); // then it is fetched again after a reload
  }
}

export async function keptPaper(store: Store, attempt: Id, sha256: string): Promise<Bytes | undefined> {
  let blob: Bytes | undefined;
  try {
    const response = await (await caches.open(PAPERS)).match(pathOf(attempt, 'paper'));
    if (response) blob = new Uint8Array(await response.arrayBuffer());
  } catch {
    /* no Cache Storage here */
  }
  blob ??= await store.paper(attempt).catch(() => undefined);
  return blob && (await isBlob(blob, sha256)) ? blob : undefined;
}

/** Sounds and films beside the paper. Without Cache Storage a reload fetches them again. */
export async function keepObject(attempt: Id, id: Id, blob: Bytes): Promise<void> {
  try {
    await (await caches.open(PAPERS)).put(pathOf(attempt, `objects/${id}`), new Response(blob));
  } catch {
    /* no Cache Storage here, or it is full */
  }
}

export async function keptObject(attempt: Id, id: Id, sha256: string): Promise<Bytes | undefined> {
  try {
    const response = await (await caches.open(PAPERS)).match(pathOf(attempt, `objects/${id}`));
    const blob = response && new Uint8Array(await response.arrayBuffer());
    return blob && (await isBlob(blob, sha256)) ? blob : undefined;
  } catch {
    return undefined;
  }
}

/** Paper and objects of this attempt. */
export async function dropPaper(attempt: Id): Promise<void> {
  try {
    const cache = await caches.open(PAPERS);
    for (const request of await cache.keys()) if (new URL(request.url).pathname.startsWith(pathOf(attempt, ''))) await cache.delete(request);
  } catch {
    /* nothing was kept there */
  }
}
