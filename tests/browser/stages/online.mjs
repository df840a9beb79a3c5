// An online sitting: how it is arranged (and what Safe Exam Browser gets), the check of a workstation,
// phones refused, the consent, recording and its failures, and two people who look at a flag.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ok, same, truth, until } from '../check.mjs';
import { openRow } from '../desk.mjs';

const PHONE = { userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36', viewport: { width: 375, height: 812 }, isMobile: true, hasTouch: true };

/** The property list of an exam.seb as the SEB-JSON whose SHA-256 is the Config Key. */
export function configKey(plist) {
  const tokens = plist.slice(plist.indexOf('<dict>')).match(/<[^>]+>|[^<]+/g).map((token) => token.trim()).filter(Boolean);
  const plain = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  let at = 0;
  const value = () => {
    const tag = tokens[at++];
    if (tag === '<true/>' || tag === '<false/>') return tag === '<true/>' ? 'true' : 'false';
    const end = tag.replace('<', '</');
    if (tag === '<dict>') {
      const members = [];
      while (tokens[at] !== end) {
        at++; // <key>
        const name = plain(tokens[at++]);
        at++; // </key>
        members.push([name, value()]);
      }
      at++;
      members.sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
      return `{${members.filter(([name, v]) => name !== 'originatorVersion' && v !== '{}').map(([name, v]) => `"${name}":${v}`).join(',')}}`;
    }
    if (tag === '<array>') {
      const items = [];
      while (tokens[at] !== end) items.push(value());
      at++;
      return `[${items.join(',')}]`;
    }
    const text = tokens[at] === end ? '' : plain(tokens[at++]);
    at++;
    return tag === '<integer>' ? text : `"${text}"`;
  };
  return createHash('sha256').update(value()).digest('hex');
}

/** The registrar tries Safe Exam Browser, takes it off again, and has the session recorded. */
export async function conduct(road, page) {
  await page.getByRole('button', { name: '施考方式', exact: true }).click();
  const save = page.getByRole('button', { name: '保存施考方式' });
  await page.getByLabel('须用 SEB 考试浏览器').check();
  await page.getByRole('textbox', { name: '退出口令' }).fill('leave the room');
  await save.click();
  const shown = page.getByText(/^Config Key/);
  await shown.waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /设置文件/ }).click();
  const file = join(road.server.folder, 'exam.seb');
  await (await download).saveAs(file);
  const text = readFileSync(file, 'utf8');
  same((await shown.innerText()).replace('Config Key ', ''), configKey(text), 'the Config Key of the file');
  truth(text.includes(`<string>${road.server.url}/sit</string>`) && !text.includes('leave the room'), 'the file says where to go and not the password');
  await road.watch.look(page, '施考方式');
  await page.getByLabel('须用 SEB 考试浏览器').uncheck();
  await page.getByLabel(/线上考试/).check();
  await page.getByLabel(/全程录制/).check();
  await save.click();
  await page.getByText('已保存。').waitFor();
  await until(async () => !(await shown.count()), 'no more Safe Exam Browser');
  ok('施考方式：SEB 设置文件的 Config Key 与页面一致；改为线上、全程录制');
}

/** Somebody with a telephone is told to take a computer. */
export async function phone(road, person) {
  const other = await road.people.open({ ...person, login: 'phone' }, PHONE);
  const { page } = other;
  road.watch.provoked.push(/403.*\/api\/sit\/enter$/);
  await page.goto(`${road.cable.url}/sit`);
  await page.getByLabel('准考证号').fill(person.ticket);
  await page.getByRole('textbox', { name: '证件号码' }).fill(person.document);
  await page.locator('button[type=submit]').click();
  await page.getByText('只能用电脑参加').waitFor();
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/手机被拒绝.png` });
  ok('线上考试用手机登录：被拒绝，说明要换电脑');
}

async function ofRoom(road, login) {
  const { page, go } = await road.people.staff(login);
  await go('/desk/rooms');
  await openRow(page, /第1考场/);
  return page;
}

const part = (page, name) => page.locator('.chips').getByRole('button', { name, exact: true }).click();

/** The link of the room, opened at the workstation; what it found is on the desk. */
export async function check(road, person) {
  const desk = await ofRoom(road, 'invigilator');
  await part(desk, '自检');
  const link = await desk.getByLabel(/自检链接/).inputValue();
  truth(link.includes('/sit/online#check'), `the link of a recorded session: ${link}`);
  const seat = person.seatNo;
  const page = await person.context.newPage();
  await page.setViewportSize({ width: 1366, height: 800 });
  await page.goto(`${link.replace(road.server.url, road.cable.url)}${seat}`);
  await page.getByText(`${seat} 号座位：可以用于考试`).waitFor({ timeout: 40_000 });
  const text = await page.locator('dl.rows').innerText();
  for (const word of ['浏览器', '可用存储', '时钟差', '网速', '摄像头', '麦克风']) truth(text.includes(word), `${word} in ${text}`);
  truth(/摄像头\s+正常/.test(text) && /麦克风\s+正常/.test(text), `camera and microphone: ${text}`);
  await road.watch.look(page, '考试机自检');
  await page.close();
  await desk.getByRole('button', { name: '刷新', exact: true }).click();
  await desk.getByText('合格 1，').waitFor();
  await road.watch.look(desk, '自检结果');
  ok('考试机自检：浏览器、存储、时钟、网速、摄像头、麦克风；监考员看到结果');
}

/** The rules, the text, and only then the camera. */
export async function agree(road, person, first) {
  const { page } = person;
  await page.waitForURL(/\/sit\/online/);
  await page.getByRole('heading', { name: '开始录制之前' }).waitFor();
  if (first) {
    for (const text of ['独自在一间屋里', '只用这台电脑', '不能离开座位', '由两人共同查看']) await page.getByText(text).first().waitFor();
    await road.watch.look(page, '开始录制之前');
    await page.getByRole('button', { name: '不同意', exact: true }).click();
    await page.getByText('已记下你不同意录制').waitFor();
    same(await page.locator('.ask').count(), 0, 'no paper without consent');
    ok('线上考试须知和录制同意：不同意不录、不开卷，可以改为同意');
  }
  await page.getByRole('button', { name: '同意，打开摄像头和麦克风' }).click();
}

const recording = (page) => page.locator('dl.save', { hasText: '录像中' }).waitFor();
const flagsOf = async (road, login = 'invigilator') => (await (await road.people.staff(login)).api('GET', `/api/rooms/${road.room}/flags`)).flags;

/** The window loses the focus until THEN comes true, while it is recorded. */
export async function leave(person, then = () => new Promise((resolve) => setTimeout(resolve, 1500))) {
  const { page } = person;
  await recording(page);
  const devtools = await person.context.newCDPSession(page);
  await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  const other = await person.context.newPage();
  await other.goto('about:blank');
  await other.bringToFront();
  await then();
  await other.close();
  await page.bringToFront();
  await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: true });
}

/** The window loses the focus, the recorder fails: two flags, and the exam goes on. */
export async function failures(road, person) {
  const { page } = person;
  await leave(person, () => until(async () => (await flagsOf(road)).some((f) => ['hidden', 'blur'].includes(f.what) && f.has_snapshot), 'a flag with a picture'));
  await page.evaluate(() => {
    const { start } = MediaRecorder.prototype;
    globalThis.hengMend = () => (MediaRecorder.prototype.start = start);
    MediaRecorder.prototype.start = () => {
      throw new DOMException('broken', 'InvalidStateError');
    };
  });
  await page.locator('dl.save', { hasText: '摄像头或麦克风中断' }).waitFor();
  await road.watch.look(page, '录像中断');
  await page.evaluate(() => globalThis.hengMend());
}

/** The camera came back by itself. */
export async function recovered(road, person) {
  await recording(person.page);
  const flags = await until(async () => {
    const all = await flagsOf(road);
    return all.some((f) => f.what === 'camera_lost') && all.some((f) => f.has_clip && f.has_snapshot) && all;
  }, 'both flags are at the desk, the first with its clip');
  truth(flags.some((f) => f.what === 'recording_declined'), 'the refusal of the consent is there too');
  ok('离开窗口、录像中断：各记一条提示，考试照常，摄像头自己恢复');
}

async function seen(page) {
  const video = page.locator('.more video');
  await video.waitFor();
  await video.evaluate(async (v) => {
    v.muted = true;
    await v.play();
    while (!(v.currentTime > 0.2)) await new Promise((resolve) => setTimeout(resolve, 50));
    if (!v.videoWidth) throw new Error('no picture');
  });
  const picture = page.locator('.more img');
  await until(() => picture.evaluate((i) => i.complete && i.naturalWidth > 0), 'the still picture');
}

/** Two invigilators ask to see it, both see it, one decides with a reason. */
export async function flags(road) {
  const one = await ofRoom(road, 'invigilator');
  const two = await ofRoom(road, 'invigilator2');
  const flag = (await flagsOf(road)).find((f) => f.has_clip && f.has_snapshot);
  const time = new Date(flag.at_ms + 28_800_000).toISOString().slice(11, 19);
  const row = (page, more = '') => page.getByRole('button', { name: new RegExp(`${flag.label}.*${time}.*${more}`, 's') }).first();
  road.watch.provoked.push(/404.*\/recording\//);
  for (const page of [one, two]) {
    // Of a room that a node served there is nothing else to do here.
    if (!road.there) await part(page, '提示');
    await row(page).click();
    await page.getByRole('button', { name: '要求查看录像' }).click();
  }
  await seen(two);
  await one.getByText('已要求查看').waitFor();
  same(await one.locator('.more video').count(), 0, 'the first has not reloaded yet');
  await one.getByRole('button', { name: '刷新', exact: true }).click();
  await seen(one);
  await road.watch.look(one, '提示复核');
  const harmless = one.getByRole('button', { name: '无碍', exact: true });
  truth(await harmless.isDisabled(), 'no decision without a reason');
  await one.locator('.more textarea').fill('系统弹窗，立即返回，画面无异常');
  await harmless.click();
  await row(one, '无碍').waitFor();
  const decided = (await flagsOf(road, 'invigilator2')).find((f) => f.verdict);
  same([decided.verdict, decided.reason], ['harmless', '系统弹窗，立即返回，画面无异常'], 'the decision');
  ok('提示：两人都要求后才看得到录像和快照；写明理由才能判断');
}

/** After the session: answers are compared, and the recordings stay until their time is over. */
export async function kept(road) {
  const { page, go } = await road.people.staff('registrar');
  await go(`/desk/sessions/${road.theory}?part=similar`);
  await page.getByText('人数太少，比对说明不了问题').waitFor();
  await road.watch.look(page, '作答比对');
  await go('/desk/archive');
  await page.getByText('成绩尚未全部公布').waitFor();
  same(await page.getByRole('button', { name: '提请销毁录像' }).count(), 0, 'nobody can destroy recordings before their time');
  await road.watch.look(page, '录像保存期');
  ok('考后比对作答：两个人太少，不下结论；录像须保留，写明为什么');
}
