// The exam: at the seat, admitted, opened by two officers, answered with a reload and the death of
// the server in the middle, handed in.
import { pointOf, rightPlaces, wrongPlaces } from '../bank.mjs';
import { ok, same, truth, until } from '../check.mjs';
import { idOf, openRow, twice } from '../desk.mjs';
import { press, tabTo, walk } from '../keyboard.mjs';
import { carried, halts, timeUp } from './halts.mjs';
import { cut, machineSwap, receipt, secondTab } from './line.mjs';
import { supervise } from './supervise.mjs';
import { agree, failures, recovered } from './online.mjs';

const ALL = 100;
const MINUTES = 90;
/** What the first candidate has played: 'sound' and 'film', and in which question. */
const heard = new Map();
/** The second candidate knows no more than these. */
const FEW = 20;
/** The first knows just enough to pass: a key changed later decides about the certificate. */
export const ENOUGH = 60;
const places = (shown, n) => (n <= ENOUGH ? rightPlaces : wrongPlaces)(shown);

export const cell = (page, n, state) => page.locator(`nav.grid button[aria-label^="第 ${n} 题 ${state}"]`);
export const answered = (page) => page.locator('nav.grid button[aria-label*="题 已作答"]').count();
export const atItem = (page, n) => page.locator('#no', { hasText: new RegExp(`^\\s*第 ${n} 题\\s*$`) }).waitFor();

function shown(page) {
  return page.evaluate(() => ({
    stem: [...document.querySelectorAll('.ask .stem > *')].map((part) => [...part.childNodes].filter((n) => !n.classList?.contains('player')).map((n) => n.textContent).join('')).join(''),
    options: [...document.querySelectorAll('.opt')].map((label) => [...label.children[2].childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.textContent).join('')),
    on: [...document.querySelectorAll('.opt input')].flatMap((input, i) => (input.checked ? [i] : [])),
  }));
}

/** A hotspot: odd ones are pressed, even ones set by arrows and Enter; the picture comes from the sealed paper. */
async function point(page, n) {
  const spot = page.locator('.spot');
  const [x, y] = pointOf((await shown(page)).stem, n <= ENOUGH);
  const picture = await spot.locator('img').evaluate(async (img) => (await img.decode(), { from: img.src, width: img.naturalWidth, height: img.naturalHeight, lies: img.getBoundingClientRect().width }));
  truth(picture.from.startsWith('blob:') && picture.width > 100, `the picture of ${n}: ${JSON.stringify(picture)}`);
  if (n % 2) {
    const scale = picture.lies / picture.width;
    await spot.click({ position: { x: (x + 0.5) * scale, y: (y + 0.5) * scale } });
  } else {
    await spot.focus();
    const [across, down] = [x - Math.floor(picture.width / 2), y - Math.floor(picture.height / 2)];
    const step = Math.max(1, Math.round(picture.width / 60));
    for (const [by, back, forth] of [[across, 'ArrowLeft', 'ArrowRight'], [down, 'ArrowUp', 'ArrowDown']]) {
      for (let k = 0; k < Math.floor(Math.abs(by) / step); k++) await page.keyboard.press(by < 0 ? back : forth);
      for (let k = 0; k < Math.abs(by) % step; k++) await page.keyboard.press(`Shift+${by < 0 ? back : forth}`);
    }
    await page.getByText(`十字线：横 ${x}，纵 ${y}`).waitFor();
    await page.keyboard.press('Enter');
  }
  const [, a, b] = /横 (\d+)，纵 (\d+)/.exec(await page.getByText(/^已选位置/).textContent());
  truth(Math.abs(a - x) <= 2 && Math.abs(b - y) <= 2, `the point set for ${x},${y} is ${a},${b}`); // a pixel of the screen is more than one of the picture
  await cell(page, n, '已作答').waitFor();
  await page.keyboard.press('Tab'); // out of the picture: there the arrows move the cross, not the paper
}

/** Of the sound on the page; -1 where it may be played at will. */
export const playsLeft = async (page) => Number(/还可播放 (\d) 次/.exec((await page.locator('.player').textContent()) ?? '')?.[1] ?? -1);

/** A sound or film, with the keyboard: it plays from memory, and a play is counted where plays are. */
export async function listen(page, n) {
  const player = page.locator('.player');
  const button = player.getByRole('button', { name: /播放/ });
  const left = () => playsLeft(page);
  await until(() => button.isEnabled(), `the player of ${n} is ready`);
  const before = await left();
  await button.focus();
  await page.keyboard.press('Enter');
  const heard = () => player.locator('audio, video').evaluate((e) => (e.currentTime > 0.3 && !e.paused ? { from: e.src, lasts: e.duration, wide: e.videoWidth } : null));
  const playing = await until(heard, `the sound of ${n}`);
  truth(playing.from.startsWith('blob:') && playing.lasts > 10, `what plays in ${n}: ${JSON.stringify(playing)}`);
  if (before >= 0) same(await left(), before - 1, `plays left of ${n}`);
  await page.keyboard.press('ArrowRight'); // here the arrows are the player's
  await atItem(page, n);
  await player.getByRole('button', { name: '暂停' }).focus();
  await page.keyboard.press('Enter');
  await button.waitFor();
  await page.locator('#no').focus();
  return playing.wide ? 'film' : 'sound';
}

/** Answers items FROM to TO with the keyboard, the last stays on screen. */
export async function answer(page, from, to) {
  for (let n = from; n <= to; n++) {
    await atItem(page, n);
    if (await page.locator('.player').count()) heard.set(await listen(page, n), n);
    if (await page.locator('.spot').count()) await point(page, n);
    else for (const place of places(await shown(page), n)) await page.keyboard.press(String(place + 1));
    await cell(page, n, '已作答').waitFor();
    if (n < to) await page.keyboard.press('ArrowRight');
  }
}

export const delivered = (page) =>
  until(async () => /^\s*0\s*$/.test((await page.locator('dl.save dd').nth(2).textContent()) ?? '') && !(await page.locator('.line').count()), 'everything is on the server', 60_000);

/** The clock on the page against the server's: start + minutes. */
export async function clockIsRight(page, startedMs, extra = 0) {
  const deadline = startedMs + (MINUTES + extra) * 60_000;
  const text = await until(async () => {
    const now = await page.locator('.clock').innerText();
    return now.includes('结束') && now;
  }, 'the clock shows the end');
  const end = new Date(deadline + 28_800_000).toISOString().slice(11, 16);
  truth(text.includes(`${end} 结束`), `the end ${end} in: ${text}`);
  const [, h, m] = /(?:(\d+)\s*小时\s*)?(\d+)\s*分/.exec(text);
  const left = (Number(h ?? 0) * 60 + Number(m)) * 60_000;
  truth(Math.abs(left - (deadline - Date.now())) <= 75_000, `the time left, ${left / 60_000} min, at ${new Date().toISOString()}: ${text}`);
}

export async function atSeat(person) {
  const { page } = person;
  await page.goto(person.seat);
  await page.getByLabel('准考证号').fill(person.ticket);
  await page.getByRole('textbox', { name: '证件号码' }).fill(person.document);
}

export async function enter(road) {
  for (const [i, person] of road.candidates.entries()) {
    await person.page.setViewportSize({ width: 1366, height: 800 });
    person.seat = `${road.cable.url}/sit`;
    await atSeat(person);
    if (i === 0) await road.watch.look(person.page, '考试登录');
    await person.page.locator('button[type=submit]').click();
    await person.page.getByText('第1考场').waitFor();
  }
  await road.watch.look(road.candidates[0].page, '等待放行');
  ok('考生凭准考证号和证件号码入座，等待放行');
}

async function openRoom(road) {
  const { page, go } = await road.people.staff('invigilator');
  await go('/desk/rooms');
  await openRow(page, /第1考场/);
  road.room = await idOf(page, 'rooms');
  return page;
}

export async function admit(road) {
  const page = await openRoom(road);
  await twice(page, '放行等待的 2 人');
  for (const [i, person] of road.candidates.entries()) {
    await agree(road, person, i === 0);
    await person.page.getByText('密文已在本机').waitFor();
  }
  await road.watch.look(road.candidates[0].page, '开考之前');
  ok('监考员放行，密文先到考试机');
}

/** Two officers open the papers. */
export async function unseal(road) {
  for (const login of ['officer', 'officer2']) {
    const officer = await road.people.staff(login);
    const { page } = officer;
    await officer.go(`/desk/sessions/${road.theory}?part=papers`);
    await page.getByLabel('启封口令').fill(officer.passphrase);
    await page.getByLabel('动态码').fill(await officer.code());
    if (login === 'officer') await road.watch.look(page, '启封');
    await page.getByRole('button', { name: '输入口令，就位' }).click();
    await page.getByText('已就位', { exact: true }).waitFor();
  }
  const { page } = await road.people.staff('officer');
  await page.getByRole('button', { name: '启封试卷' }).waitFor({ timeout: 60_000 });
  await twice(page, '启封试卷');
}

export async function release(road) {
  await unseal(road);
  const invigilator = await road.people.staff('invigilator');
  await twice(invigilator.page, '开考');
  for (const person of road.candidates) await atItem(person.page, 1);
  const { clock } = await invigilator.api('GET', `/api/rooms/${road.room}`);
  road.startedMs = truth(clock.started_ms, 'the start in the room');
  ok('两名启封员启封试卷，到点开考');
}

export const tileOf = async (road, person) => {
  const invigilator = await road.people.staff('invigilator');
  const { tiles } = await invigilator.api('GET', `/api/rooms/${road.room}`);
  return tiles.find((tile) => tile.ticket === person.ticket || tile.entry === person.entry || tile.name === person.name);
};

const focused = (page, selector) => until(() => page.evaluate((s) => !!document.activeElement?.closest(s), selector), `the focus in ${selector}`);

/** Every act of the exam with the keyboard alone; nothing of it is left. */
async function byKeyboard(page) {
  await cell(page, 1, '').first().click();
  await atItem(page, 1);
  await walk(page, '答题');
  await tabTo(page, page.locator('.opt input').first());
  await page.keyboard.press('Space');
  await cell(page, 1, '已作答').waitFor();
  await page.keyboard.press('f');
  await cell(page, 1, '已作答 已标记').waitFor();
  await page.keyboard.press('f');
  await press(page, page.getByRole('button', { name: /^下一题/ }));
  await atItem(page, 2);
  await page.keyboard.press('ArrowLeft');
  await atItem(page, 1);
  await page.keyboard.press('Control+Enter');
  await page.getByText(/还有 \d+ 题没有作答/).waitFor();
  await walk(page, '交卷检查');
  await page.keyboard.press('Escape');
  await atItem(page, 1);
  await focused(page, 'main');
  ok('只用键盘：选答案、标记、翻题、交卷检查，Esc 回到题目');
}

/** A disk that is slow: somebody else's transaction holds the journal until `free` is called. */
async function slowDisk(page) {
  await page.evaluate(
    () =>
      new Promise((held, failed) => {
        const opening = indexedDB.open('heng-exam');
        opening.onerror = failed;
        opening.onsuccess = () => {
          const table = opening.result.transaction(['entries'], 'readwrite').objectStore('entries');
          const hold = () => (window.diskIsBusy ? (table.count().onsuccess = hold) : opening.result.close());
          window.diskIsBusy = true;
          hold();
          held();
        };
      }),
  );
  return () => page.evaluate(() => (window.diskIsBusy = false));
}

/** Whoever leaves while the disk is still at it is asked; WHAT is on the screen and not on this computer. */
async function askedBeforeLeaving(page, what) {
  const free = await slowDisk(page);
  await what();
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  same(dialog.type(), 'beforeunload', 'what is asked');
  await dialog.dismiss();
  await free();
  const asks = () => page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
  await until(async () => !(await asks()), 'on this computer now: nothing is asked');
}

async function reloadInTheMiddle(road, person) {
  const { page } = person;
  await answer(page, 1, 30);
  await page.keyboard.press('ArrowRight');
  await atItem(page, 31);
  await askedBeforeLeaving(page, async () => {
    await page.keyboard.press('f');
    await cell(page, 31, '未作答 已标记').waitFor();
  });
  await clockIsRight(page, road.startedMs);
  await page.reload();
  await atItem(page, 31);
  same(await answered(page), 30, 'answers after the reload');
  await cell(page, 31, '未作答 已标记').waitFor();
  await clockIsRight(page, road.startedMs);
  await page.keyboard.press('f');
  ok('刚作的标记还没有写到本机时要离开：页面先问；刷新之后：同一题，30 个答案和标记都在，时间对');
}

async function deathOfTheServer(road, person) {
  const { page } = person;
  await answer(page, 31, 60);
  road.watch.away = true;
  await road.server.killSuddenly();
  await page.keyboard.press('ArrowRight');
  await answer(page, 61, 65);
  await page.locator('.line', { hasText: '网络已断开' }).waitFor();
  await page.reload();
  await atItem(page, 65);
  same(await answered(page), 65, 'answers after a reload without a server');
  same([...heard.keys()].sort().join(), 'film,sound', 'what was played');
  await cell(page, heard.get('sound'), '已作答').click();
  await atItem(page, heard.get('sound'));
  await listen(page, heard.get('sound'));
  await road.watch.look(page, '有声题');
  await cell(page, 65, '已作答').click();
  await atItem(page, 65);
  ok('有声题、视频题：封存在试卷之外，开考后在本机启封播放，断网刷新后仍能播放，次数不重算');
  ok('服务器被强行结束：继续作答，断网刷新后 65 个答案都在');
  await road.server.start();
  await delivered(page);
  road.watch.away = false;
  same(await answered(page), 65, 'answers after the restart');
  await atItem(page, 65);
  await clockIsRight(page, road.startedMs);
  await until(async () => (await tileOf(road, person)).answered === 65, 'the server counts 65 answers');
  await page.reload();
  await atItem(page, 65);
  same(await answered(page), 65, 'answers after restart and reload');
  for (const n of [1, 17, 42, 65]) {
    await cell(page, n, '已作答').click();
    await atItem(page, n);
    const now = await shown(page);
    same(now.on, places(now, n), `the answer to ${n}`);
  }
  ok('服务器重新启动：待发补发完毕，65 个答案都在，同一题，时间对');
}

/** Closing the browser is not the end either. */
async function newWindow(road, person) {
  await answer(person.page, 1, FEW);
  await delivered(person.page);
  await person.page.close();
  person.page = await person.context.newPage();
  await person.page.goto(person.seat);
  await atItem(person.page, FEW);
  same(await answered(person.page), FEW, 'answers in the new window');
  await clockIsRight(person.page, road.startedMs);
  ok('关掉窗口再打开：同一题，答案都在，时间对');
}

const tapped = (page) => page.getByText(/^已选位置/).textContent();

/** A hotspot on a screen of 375 pixels, by finger: as it fits, then in its own size, where areas are as large as they
 * were drawn. */
async function byFinger(road, person) {
  const { page } = person;
  const before = page.viewportSize();
  const touch = await page.context().newCDPSession(page);
  const tap = async (x, y) => {
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  const picture = page.locator('.spot img');
  const put = async (x, y, scale) => {
    await picture.scrollIntoViewIfNeeded();
    const box = await picture.boundingBox();
    await tap(box.x + (x + 0.5) * scale, box.y + (y + 0.5) * scale);
    await page.getByText(/^已选位置/).waitFor();
    const [, a, b] = /横 (\d+)，纵 (\d+)/.exec(await tapped(page));
    return Math.max(Math.abs(a - x), Math.abs(b - y));
  };
  await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 });
  await page.setViewportSize({ width: 375, height: before.height });
  await page.reload();
  let [width, height] = [0, 0];
  for (const n of [ALL, ALL - 1]) {
    await cell(page, n, '已作答').click();
    await atItem(page, n);
    [width, height] = await picture.evaluate(async (img) => (await img.decode(), [img.naturalWidth, img.naturalHeight]));
    if (width > 500) break; // the other one is upright
  }
  const [x, y] = pointOf((await shown(page)).stem, false); // beyond ENOUGH
  const lies = (await picture.boundingBox()).width;
  truth(lies <= 375, `the picture fits: ${lies}`);
  truth((await put(Math.floor(width / 3), Math.floor(height / 3), lies / width)) <= 3, 'a tap on the picture as it fits');
  if (width > 1.25 * lies) {
    await page.getByRole('button', { name: '放大图片' }).click();
    same(Math.round((await picture.boundingBox()).width), width, 'the width of the enlarged picture');
    await page.locator('.frame').evaluate((frame, left) => frame.scrollTo({ left: left - 150 }), x);
    await road.watch.look(page, '用手指答热点题');
    truth((await put(x, y, 1)) <= 1, 'a tap on the picture in its own size');
    await page.getByRole('button', { name: '缩回一屏宽' }).click();
  } else {
    truth((await put(x, y, lies / width)) <= 3, 'a tap on the right place');
  }
  await delivered(page);
  await touch.send('Emulation.setTouchEmulationEnabled', { enabled: false });
  await touch.detach();
  await page.setViewportSize(before);
  ok('375 像素宽、用手指答热点题：图片不出屏，放大后点得准');
}

async function handIn(road, person, open) {
  const { page } = person;
  await page.getByRole('button', { name: /^交卷/ }).click();
  await page.getByText(open ? `还有 ${open} 题没有作答` : '全部 100 题都已作答').waitFor();
  if (open) await road.watch.look(page, '交卷检查');
  await page.getByRole('button', { name: '仍要交卷' }).click();
  await page.getByRole('button', { name: /^确认交卷/ }).click();
  await page.getByText('已交卷，服务器已收妥').waitFor();
  const text = await page.locator('main').innerText();
  truth(text.includes(`${ALL - open} 题已作答`), `the receipt says how many: ${text}`);
  truth(!text.includes('不一致'), 'the receipt fits');
}

export async function sit(road) {
  const [first, second] = road.candidates;
  await road.watch.look(first.page, '答题');
  await newWindow(road, second);
  await failures(road, first);
  await byKeyboard(first.page);
  await reloadInTheMiddle(road, first);
  if (road.pictures) await road.picture(first.page, 'exam');
  const watched = await supervise(road, first);
  await deathOfTheServer(road, first);
  await watched();
  await secondTab(road, first);
  await recovered(road, first);
  await cut(road, first);
  const swapped = await machineSwap(road, second);
  await halts(road, [first, swapped]);
  await timeUp(road, swapped);
  await cell(first.page, 81, '未').click();
  await answer(first.page, 81, ALL);
  await byFinger(road, first);
  await handIn(road, first, 0);
  await road.watch.look(first.page, '回执');
  await carried(road, swapped);
  await receipt(road, first);
  const { page } = await road.people.staff('invigilator');
  await page.getByText('已交卷').nth(1).waitFor();
  await road.watch.look(page, '监考');
  if (road.pictures) await road.picture(page, 'room');
  ok('两名考生交卷，拿到回执，监考员看到');
}
