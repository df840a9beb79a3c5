// What people put into texts who hope that a page runs it (S19), and what each page sends along (S20).
import { ok, same, truth } from '../check.mjs';
import { documentNumber } from '../people.mjs';

/** 20 ways to run something × 5 places that a text may end up in. Each sets window.ran, if it does. */
const RUN = [
  '<script>ran=1</script>', '<img src=x onerror=ran=1>', '<svg onload=ran=1>', '<svg/onload=ran=1>', '<body onload=ran=1>',
  '<iframe srcdoc="<script>top.ran=1</script>">', '<a href=javascript:ran=1>a</a>', '<details open ontoggle=ran=1>', '<input autofocus onfocus=ran=1>', '<video src=x onerror=ran=1>',
  '<math><mi xlink:href="javascript:ran=1">x', '<svg><script>ran=1</script></svg>', '<svg><animate onbegin=ran=1 attributeName=x>', '<object data=javascript:ran=1>', '<embed src=javascript:ran=1>',
  '<form><button formaction=javascript:ran=1>', '<style>@import "//evil.example"</style>', '<link rel=stylesheet href=//evil.example>', '<base href=//evil.example>', '{{ran=1}}${ran=1}',
];
const AROUND = [(x) => x, (x) => `">${x}`, (x) => `'>${x}`, (x) => `</textarea></title>${x}`, (x) => `--></script>${x}`];
export const PAYLOADS = AROUND.flatMap((around) => RUN.map(around));

const ALL = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
const P0 = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; ";
const NOTHING = 'camera=(), microphone=(), geolocation=(), display-capture=()';
const FACES = {
  '/': [`${P0}form-action 'self'; trusted-types vue`, 'camera=(self), microphone=(), geolocation=(), display-capture=()'],
  '/desk/': [`${P0}form-action 'self'; trusted-types vue; media-src 'self' blob:; style-src-attr 'unsafe-inline'`, NOTHING],
  '/sit': [`${P0}form-action 'none'; trusted-types vue heng; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'`, NOTHING],
  '/sit/online': [`${P0}form-action 'none'; trusted-types vue heng; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'`, 'camera=(self), microphone=(self), geolocation=(), display-capture=(self)'],
  '/verify': ["default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", NOTHING],
  '/api/health': ["default-src 'none'; frame-ancestors 'none'", undefined],
};

async function faces(road) {
  for (const [path, [policy, permissions]] of Object.entries(FACES)) {
    const reply = await fetch(road.server.url + path);
    same(reply.status, 200, path);
    for (const [name, value] of Object.entries(ALL)) same(reply.headers.get(name), value, `${path} ${name}`);
    same(reply.headers.get('content-security-policy'), policy, `${path} policy`);
    same(reply.headers.get('permissions-policy') ?? undefined, permissions, `${path} permissions`);
    same([...reply.headers.keys()].filter((name) => name.startsWith('access-control')), [], `${path} CORS`);
  }
  ok('每个界面发出的安全头与规定逐字相同');
}

/** Nothing ran, and the text is there to be read. */
async function quiet(page, text, what) {
  await page.getByText(text).first().waitFor();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  same(await page.evaluate(() => window.ran), undefined, `${what}: what ran`);
  same(await page.evaluate(() => document.querySelectorAll('iframe, object, embed, base, [onload], [onerror], [onfocus], [ontoggle], [href^=javascript]').length), 0, `${what}: elements that nobody of ours made`);
}

async function inItems(road) {
  const author = await road.people.staff('author');
  for (let i = 0; i < PAYLOADS.length; i += 10) {
    const ten = PAYLOADS.slice(i, i + 10);
    const object = {
      id: `guard-${i}`, kind: 'single', levels: [4], points: ['B2.1.1'], stem: `守卫 ${i}：${ten[0]} ${ten[1]}`,
      options: ten.slice(2, 6), key: 'B', explanation: ten.slice(6).join(' '), difficulty: 2, cognitive: 'apply', importance: 'X',
    };
    const { id } = await author.api('POST', '/api/items', { programme: 'national-2023', object });
    await author.go(`/desk/bank/${id}`);
    await quiet(author.page, `守卫 ${i}：`, `item ${i}`);
  }
  await author.go('/desk/bank');
  await author.page.getByRole('heading').first().waitFor();
  ok(`${PAYLOADS.length} 段脚本写进试题：照字面显示，没有一段运行`);
}

async function inNames(road) {
  const security = await road.people.staff('security');
  for (const [i, payload] of PAYLOADS.entries())
    if (payload.length <= 56) await security.api('POST', '/api/accounts', { login: `guard-${i}`, display_name: `守卫${payload}`, roles: ['marker'] });
  await security.go('/desk/accounts');
  await quiet(security.page, '守卫', 'names');
  ok('脚本写进姓名：照字面显示，没有一段运行');
}

/** The road's own batch takes no more applications by now. */
async function openAgain(road) {
  const registrar = await road.people.staff('registrar');
  const { batch } = await registrar.api('GET', `/api/batches/${road.batch}`);
  const { programme, exam_from, exam_until } = batch;
  const window = { apply_from_ms: Date.now() - 60_000, apply_until_ms: Date.now() + 3_600_000, exam_from, exam_until };
  const { batch: made } = await registrar.api('POST', '/api/batches', { title: '守卫批次', programme, levels: [{ level: 4 }], ...window });
  return made.id;
}

async function inFileNames(road) {
  const password = 'a long sentence of the guard';
  const guard = await road.people.open({ login: 'guard-candidate', password, name: '守卫' });
  await guard.api('POST', '/api/register', { login: guard.login, password, display_name: '守卫' });
  await guard.api('POST', '/api/sign-in', { login: guard.login, password });
  await guard.api('PUT', '/api/my/person', { name: '守卫', document_kind: 'resident_id', document_number: documentNumber(77), phone: '13900000077' });
  const { entry } = await guard.api('POST', '/api/entries', { batch: await openAgain(road), level: 4, direction: 'A' });
  let kept = 0;
  for (const payload of PAYLOADS.slice(0, 20)) {
    const reply = await guard.context.request.post(`${guard.url}/api/entries/${entry.id}/evidence?kind=work&name=${encodeURIComponent(`守卫${payload}.pdf`)}`, {
      data: Buffer.from('%PDF-1.7 x'), headers: { Origin: guard.url, 'Heng-Request': '1', 'Content-Type': 'application/pdf' },
    });
    truth(reply.status() < 500, `file name ${payload}: ${reply.status()}`);
    kept += reply.status() === 201;
  }
  truth(kept >= 5, `only ${kept} file names were kept`);
  await guard.go(`/entries/${entry.id}/files`);
  await quiet(guard.page, '守卫', 'file names on the portal');
  ok(`脚本写进文件名（${kept} 个）：照字面显示，没有一段运行`);
}

/** A page of somebody else cannot put ours into a frame. */
async function framing(road) {
  const stranger = await road.people.open({ login: 'framer' });
  const { page } = stranger;
  for (const path of Object.keys(FACES)) {
    await page.setContent(`<iframe src="${road.server.url}${path}"></iframe>`);
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    await frame.waitForLoadState().catch(() => {});
    const shown = await frame.evaluate(() => document.body?.innerText ?? '').catch(() => '');
    truth(!/证书|登录|ok/.test(shown), `${path} was framed: ${shown.slice(0, 60)}`);
  }
  ok('别的网页不能把任何界面嵌进框架');
}

export async function guard(road) {
  await faces(road);
  await inItems(road);
  await inNames(road);
  await inFileNames(road);
  road.watch.provoked.push(/frame-ancestors|Refused to frame|chrome-error/);
  await framing(road);
}
