// What the check page finds out about this workstation. Each probe does the real thing once.
import { random } from './bytes';
import { inSeb } from './seb';
import { SERVICE_WORKER, scriptUrl } from './scripts';

export type Device = 'ok' | 'refused' | 'none' | 'not_asked';

export interface Found {
  browser: string;
  storage_bytes: number;
  persisted: boolean;
  strict: boolean;
  subtle: boolean;
  reloads: boolean;
  offset_ms: number;
  rtt_ms: number;
  kbit_s: number;
  width: number;
  height: number;
  camera: Device;
  microphone: Device;
  seb: boolean;
}

function browserName(): string {
  const agent = navigator.userAgent;
  const hit = /(Edg|Firefox|Chrome|Version)\/([\d.]+)/.exec(agent);
  return hit ? `${hit[1] === 'Version' ? 'Safari' : hit[1]} ${hit[2]} · ${/\(([^)]*)\)/.exec(agent)?.[1] ?? ''}`.slice(0, 200) : agent.slice(0, 200);
}

const done = (t: IDBTransaction) =>
  new Promise<void>((resolve, reject) => {
    t.oncomplete = () => resolve();
    t.onerror = t.onabort = () => reject(t.error ?? new Error('aborted'));
  });

/** A key is made and stored, an entry is written strictly, both are read again in a new connection. */
export async function probeStorage(): Promise<{ strict: boolean; subtle: boolean }> {
  const NAME = 'heng-check';
  const open = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore('probe');
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error('no database'));
    });
  let strict = false;
  let subtle = false;
  try {
    const bytes = random(32);
    const key = await crypto.subtle?.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']).catch(() => undefined);
    let db = await open();
    const write = (db.transaction as (s: string, m: string, o: object) => IDBTransaction).call(db, 'probe', 'readwrite', { durability: 'strict' });
    write.objectStore('probe').put(bytes, 'bytes');
    if (key) write.objectStore('probe').put(key.privateKey, 'key');
    await done(write);
    const durable = (write as { durability?: string }).durability;
    db.close();
    db = await open();
    const read = db.transaction('probe');
    const [a, b] = [read.objectStore('probe').get('bytes'), read.objectStore('probe').get('key')];
    await done(read);
    // Browsers before the option ignore it and flush each time.
    strict = (durable ?? 'strict') === 'strict' && a.result instanceof Uint8Array && a.result.every((x, i) => x === bytes[i]);
    if (b.result) subtle = (await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, b.result as CryptoKey, bytes)).byteLength === 64;
    db.close();
    indexedDB.deleteDatabase(NAME);
  } catch {
    /* as far as it came */
  }
  return { strict, subtle };
}

async function probeLink(): Promise<{ rtt_ms: number; kbit_s: number; offset_ms: number }> {
  const rounds: { rtt: number; offset: number }[] = [];
  for (let i = 0; i < 7; i++) {
    const sent = performance.now();
    const reply = await fetch('/api/health', { cache: 'no-store', credentials: 'omit' });
    const rtt = performance.now() - sent;
    const server = Date.parse(reply.headers.get('Date') ?? '') || Date.now();
    await reply.arrayBuffer();
    rounds.push({ rtt, offset: Date.now() - rtt / 2 - (server + 500) }); // the header has whole seconds
  }
  rounds.sort((a, b) => a.rtt - b.rtt);
  const sent = performance.now();
  const bytes = (await (await fetch('/api/sit/link', { cache: 'no-store', credentials: 'omit' })).arrayBuffer()).byteLength;
  const ms = Math.max(1, performance.now() - sent);
  return { rtt_ms: Math.round(rounds[3]?.rtt ?? 0), offset_ms: Math.round(rounds[0]?.offset ?? 0), kbit_s: Math.round((bytes * 8) / ms) };
}

async function probeDevice(kind: 'video' | 'audio'): Promise<Device> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(kind === 'video' ? { video: true } : { audio: true });
    const live = stream.getTracks().some((track) => track.readyState === 'live');
    for (const track of stream.getTracks()) track.stop();
    return live ? 'ok' : 'none';
  } catch (thrown) {
    return (thrown as DOMException).name === 'NotAllowedError' ? 'refused' : 'none';
  }
}

async function probeReload(): Promise<boolean> {
  try {
    await navigator.serviceWorker.register(scriptUrl(SERVICE_WORKER), { scope: '/sit' });
    return !!(await navigator.serviceWorker.ready).active;
  } catch {
    return false;
  }
}

export async function examine(devices: boolean): Promise<Found> {
  const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
  const persisted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  const storage = await probeStorage();
  const link = await probeLink().catch(() => ({ rtt_ms: 3_600_000, kbit_s: 0, offset_ms: 0 }));
  return {
    browser: browserName(),
    storage_bytes: Math.round((estimate?.quota ?? 0) - (estimate?.usage ?? 0)),
    persisted,
    ...storage,
    reloads: await probeReload(),
    ...link,
    width: Math.round(screen.width),
    height: Math.round(screen.height),
    camera: devices ? await probeDevice('video') : 'not_asked',
    microphone: devices ? await probeDevice('audio') : 'not_asked',
    seb: inSeb(),
  };
}
