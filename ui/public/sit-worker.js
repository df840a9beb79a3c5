/* global self, caches, fetch, URL, setTimeout */
// The service worker of the exam client: a reload without network finds the page and its files.
// It never touches the API. The sealed paper lies beside it, in the cache the page itself fills.
// Not part of the build on purpose: its address must not change.
const SHELL = 'heng-exam-shell';
// In a room, and at home: the second one's headers let it use camera and microphone.
const PAGES = ['/sit', '/sit/online'];
const pageOf = (path) => PAGES.find((page) => path === page || path === `${page}/`);
const ANY = { ignoreVary: true };

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function keep(paths, at) {
  const shell = await caches.open(SHELL);
  const page = await fetch(at, { cache: 'no-store' });
  if (!page.ok) throw new Error('no page');
  // What the page of this moment names, and what the page that speaks to us has loaded.
  const named = (await page.clone().text()).match(/\/assets\/[^"'\s]+/g) ?? [];
  const wanted = new Set([...named, ...paths.filter((path) => path.startsWith('/assets/'))]);
  for (const path of wanted) {
    if (await shell.match(path, ANY)) continue;
    const response = await fetch(path);
    if (!response.ok) throw new Error('a file is missing');
    await shell.put(path, response);
  }
  await shell.put(at, page);
  // Files of an older build go, once all of this one are here.
  for (const request of await shell.keys()) {
    const { pathname } = new URL(request.url);
    if (!pageOf(pathname) && !wanted.has(pathname)) await shell.delete(request);
  }
}

// The page tells which files it has loaded, for it was loaded before this worker was there.
self.addEventListener('message', (event) => {
  if (event.data?.what !== 'keep') return;
  const done = keep(event.data.paths, pageOf(event.data.page ?? '') ?? PAGES[0]).then(() => event.source?.postMessage({ what: 'kept' }));
  event.waitUntil(done.catch(() => {}));
});

// A pulled cable does not refuse, it is silent: after a moment the kept page is shown.
async function page(at) {
  const kept = await caches.match(at, ANY);
  const fresh = fetch(at, { cache: 'no-store' }).then((response) => {
    if (!response.ok) throw new Error('no page');
    return response;
  });
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), 3000));
  return Promise.race([fresh, late]).catch(() => kept);
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate') {
    const at = pageOf(url.pathname);
    if (at) event.respondWith(page(at));
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(caches.match(event.request, ANY).then((kept) => kept ?? fetch(event.request)));
  }
});
