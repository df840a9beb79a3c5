/* global self, indexedDB, fetch, crypto, TextEncoder, setTimeout, btoa */
// The recorder worker of an online sitting: keeps each piece on this PC until the server has it. The page
// only hands pieces over, so that nothing here can hold up a key press. Not part of the build on
// purpose: the page's policy knows this one address.
const KEPT_MAX = 400; // pieces; beyond that the oldest go, and the page is told
const WAIT_MS = [1000, 2000, 4000, 8000, 16000, 30000];
const utf8 = (text) => new TextEncoder().encode(text);

let credential;
let running = false;
let failures = 0;

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open('heng-recording', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('piece', { keyPath: 'name' });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function store(mode, act) {
  const db = await opened;
  return new Promise((resolve, reject) => {
    const transaction = db.transaction('piece', mode);
    const asked = act(transaction.objectStore('piece'));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

async function authorization(path, body) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  const head = utf8(`HNG1POST\0${path}\0`);
  const text = new Uint8Array(head.length + digest.length);
  text.set(head);
  text.set(digest, head.length);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', credential.save, text));
  const encoded = btoa(String.fromCharCode(...mac)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  return `Heng ${credential.attempt}.${credential.epoch}.${encoded}`;
}

/** True: the server has it, or never will take it. */
async function send(piece) {
  const path = `/api/sit/${credential.attempt}/recording/${piece.word}`;
  const body = await piece.blob.arrayBuffer();
  const reply = await fetch(path, {
    method: 'POST',
    body,
    credentials: 'omit',
    cache: 'no-store',
    headers: { Authorization: await authorization(path, body), 'Content-Type': piece.type },
  });
  if (reply.ok) return true;
  // 401: the epoch is another one by now; the page brings its key. The rest of 4xx never changes.
  return reply.status >= 400 && reply.status < 500 && reply.status !== 401 && reply.status !== 429;
}

async function run() {
  if (running || !credential) return;
  running = true;
  try {
    for (;;) {
      const pieces = (await store('readonly', (s) => s.getAll())).filter((p) => p.attempt === credential.attempt);
      self.postMessage({ what: 'kept', count: pieces.length });
      const next = pieces[0];
      if (!next) break;
      if (!(await send(next))) throw new Error('later');
      failures = 0;
      await store('readwrite', (s) => s.delete(next.name));
    }
    running = false;
  } catch {
    running = false;
    const wait = WAIT_MS[Math.min(failures++, WAIT_MS.length - 1)] * (0.5 + Math.random());
    setTimeout(run, wait);
    if (failures === 3) self.postMessage({ what: 'late' });
  }
}

async function keep({ attempt, word, type, blob }) {
  try {
    const names = await store('readonly', (s) => s.getAllKeys());
    if (names.length >= KEPT_MAX) await store('readwrite', (s) => s.delete(names[0]));
    await store('readwrite', (s) => s.put({ name: `${attempt}.${word}`, attempt, word, type, blob }));
    void run();
  } catch {
    self.postMessage({ what: 'lost' });
  }
}

self.onmessage = ({ data }) => {
  if (data.what === 'credential') {
    credential = data.credential;
    failures = 0;
    void run();
  } else if (data.what === 'piece') void keep(data);
};
