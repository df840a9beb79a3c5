// A recorded sitting that a room node serves while the centre is away: a file is handed in, the window is left, both
// go up afterwards; the centre says what is still missing; a marker opens the file, two people see the recording.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { ok, same, truth, until } from '../check.mjs';
import { openRow, twice } from '../desk.mjs';
import { People } from '../people.mjs';
import { Node } from './nodes.mjs';
import { agree, leave } from './online.mjs';
import { answer, atItem, atSeat, cell, delivered } from './sit.mjs';

const UPLOAD = { id: 'node-upload', kind: 'upload', levels: [4], directions: [], points: ['K4.2.2.2'], difficulty: 3, cognitive: 'apply', importance: 'X', enemies: [], author: 'heng-b', reviewed_by: [], sources: ['own'], stem: '为一款保温杯写一条 30 秒短视频的分镜脚本，保存为 PDF 后上传。', accept: ['pdf'], max_kib: 4096, key: '五个以内的镜头。', guide: [{ point: '镜头序号、画面、时长齐全', marks: 10 }], errors: [], explanation: '分镜脚本以镜头为行。' };
const LAYOUT = [
  { kind: 'single', count: 60, millimarks: 1000 },
  { kind: 'multiple', count: 20, millimarks: 1000 },
  { kind: 'true_false', count: 19, millimarks: 1000 },
  { kind: 'upload', count: 1, millimarks: 1000 },
];
/** Where the one question of that kind belongs by the weight table of each direction. */
const POINTS = { A: 'K4.2.2.2', B: 'K4.3.1.1' };
const LAST = 100;
/** Of two pieces. */
const SCRIPT = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(1_500_000), Buffer.from('\n%%EOF\n')]);

const nodesOf = async (road) => (await road.people.staff('registrar')).api('GET', `/api/sessions/${road.theory}/nodes`);
const handUp = async (road) => (await nodesOf(road)).hand_ups[0];

/** The node serves the room; the session is online and recorded. */
export async function joinServing(road) {
  road.watch.seen = false;
  const registrar = await road.people.staff('registrar');
  const { code } = await registrar.api('POST', '/api/nodes', { name: '分校机房' });
  const { nodes } = await registrar.api('GET', '/api/nodes');
  road.node = road.server.node = new Node(road.server);
  await road.node.joinCentre(code);
  await road.node.start();
  road.watch.origins.push(road.node.url);
  const { rooms } = await nodesOf(road);
  road.room = rooms[0].id;
  await registrar.api('POST', `/api/sessions/${road.theory}/nodes`, { room: road.room, node: nodes[0].id, standby: false });
  await registrar.go(`/desk/sessions/${road.theory}?part=nodes`);
  await registrar.page.getByText('本场是线上考试').waitFor();
  await registrar.page.getByText('只有中心能打开').waitFor();
  ok('线上、全程录制的场次，考场可由节点提供');
}

/** A question that takes a file, live by three people; a paper with it. */
export async function papersWithUpload(road) {
  const author = await road.people.staff('author');
  const reviewer = await road.people.staff('reviewer');
  const forms = [];
  for (const [direction, point] of Object.entries(POINTS)) {
    const { id } = await author.api('POST', '/api/items', { programme: 'national-2023', object: { ...UPLOAD, id: `node-upload-${direction.toLowerCase()}`, points: [point] } });
    await author.api('POST', `/api/items/${id}/hand-in`, { version: 1 });
    for (const login of ['reviewer', 'reviewer2', 'proofreader']) await (await road.people.staff(login)).api('POST', '/api/items/reviews', { items: [id], versions: [1], verdict: 'approve' });
    same((await reviewer.api('GET', `/api/items/${id}`)).item.state, 'live', 'the question');
    const made = await reviewer.api('POST', '/api/forms', { name: `上传卷 ${direction}`, programme: 'national-2023', component: 'theory', level: 4, direction, layout: LAYOUT, must: [id] });
    forms.push(...made.forms.map((form) => form.id ?? form));
  }
  await reviewer.api('POST', `/api/sessions/${road.theory}/papers`, { forms });
  await until(async () => (await nodesOf(road)).rooms[0].nodes[0].ready, 'the package is complete', 30_000);
  ok('带上传题的试卷封装给节点，节点收齐');
}

async function ofRoom(road, login) {
  const { page, go } = await road.there.staff(login);
  await go('/desk/rooms');
  await openRow(page, /第1考场/);
  return page;
}

export async function enterNode(road) {
  road.there = new People(road.people.browsers, road.node, road.watch);
  for (const person of road.candidates) {
    person.seat = `${road.node.url}/sit`;
    await atSeat(person);
    await person.page.locator('button[type=submit]').click();
    await person.page.getByText('第1考场').waitFor();
  }
  const page = await ofRoom(road, 'invigilator');
  await twice(page, '放行等待的 2 人');
  for (const person of road.candidates) {
    await agree(road, person, false);
    await person.page.getByText('密文已在本机').waitFor();
  }
  ok('考生在节点入座，同意录制，摄像头打开');
}

export async function openNode(road) {
  for (const login of ['officer', 'officer2']) {
    const officer = await road.people.staff(login);
    await officer.go(`/desk/sessions/${road.theory}?part=papers`);
    await officer.page.getByLabel('启封口令').fill(officer.passphrase);
    await officer.page.getByLabel('动态码').fill(await officer.code());
    await officer.page.getByRole('button', { name: '输入口令，就位' }).click();
    await officer.page.getByText('已就位', { exact: true }).waitFor();
  }
  const { page } = await road.people.staff('officer');
  await page.getByRole('button', { name: '启封试卷' }).waitFor({ timeout: 60_000 });
  await twice(page, '启封试卷');
  const invigilator = await road.there.staff('invigilator');
  await until(async () => (await invigilator.api('GET', '/api/here/rooms')).rooms[0].state === 'released', 'the node has the key', 30_000);
  await twice(invigilator.page, '开考');
  for (const person of road.candidates) await atItem(person.page, 1);
  road.watch.away = true;
  await road.server.killSuddenly();
  ok('节点启封开考；中心随即断开');
}

const flagsThere = async (road) => (await road.there.staff('invigilator')).api('GET', `/api/rooms/${road.room}/flags`);

async function handInAll(road) {
  for (const { page } of road.candidates) {
    await page.getByRole('button', { name: /^交卷/ }).click();
    await page.getByRole('button', { name: '仍要交卷' }).click();
    await page.getByRole('button', { name: /^确认交卷/ }).click();
    await page.getByText('已交卷，服务器已收妥').waitFor();
  }
}

export async function sitAtNode(road) {
  const [first] = road.candidates;
  const { page } = first;
  await answer(page, 1, 3);
  await cell(page, LAST, '').first().click();
  await atItem(page, LAST);
  await page.getByLabel(`第 ${LAST} 题的文件`).setInputFiles({ name: 'storyboard.pdf', mimeType: 'application/pdf', buffer: SCRIPT });
  await page.getByText('已交到服务器：storyboard.pdf').waitFor({ timeout: 60_000 });
  await road.watch.look(page, '在节点交文件');
  await delivered(page);
  await leave(first);
  const { decides } = await until(async () => {
    const all = await flagsThere(road);
    return all.flags.some((f) => f.has_clip && f.has_snapshot) && all;
  }, 'the flag has its clip and its picture', 40_000);
  same(decides, false, 'flags are decided at the centre');
  const desk = await ofRoom(road, 'invigilator');
  await desk.locator('.chips').getByRole('button', { name: '提示', exact: true }).click();
  await desk.getByText('收齐后在中心的本页查看和处理').waitFor();
  await desk.locator('.line .row').first().click();
  same(await desk.getByRole('button', { name: '要求查看录像' }).count(), 0, 'a recording to be seen on a node');
  await road.watch.look(desk, '节点上的提示');
  await handInAll(road);
  ok('中心断开时：在节点交一个文件、离开窗口被录下，两人交卷');
}

/** The centre is back, the node is not yet: what is missing stands there. */
export async function handsUp(road) {
  await road.server.start();
  road.watch.away = false;
  const registrar = await road.people.staff('registrar');
  const { page, go } = registrar;
  await until(async () => ((await handUp(road))?.blobs.there ?? 0) > 2, 'files and recordings are announced', 30_000);
  await go(`/desk/sessions/${road.theory}?part=nodes`);
  await page.getByText(/文件和录像 \d+ \/ \d+/).waitFor();
  await road.watch.look(page, '文件和录像正在回传');
  const invigilator = await road.there.staff('invigilator');
  await until(async () => (await handUp(road)).blobs.awaited === 0, 'all pieces are here', 30_000);
  await invigilator.go('/desk/here');
  const sure = invigilator.page.locator('.sure');
  await invigilator.page.getByRole('button', { name: '不再等待，回传' }).click();
  road.watch.provoked.push(/401.*\/api\/here\/rooms$/, /401.*\/api\/me$/); // its accounts go with the rest
  await sure.getByLabel('动态码').fill(await invigilator.code());
  await sure.getByRole('button', { name: '不再等待，回传' }).click();
  const up = await until(async () => {
    const one = await handUp(road);
    return one.done_ms && one;
  }, 'the hand-up is closed', 60_000);
  same([up.blobs.here, up.blobs.awaited, up.blobs.lost + up.blobs.bad + up.blobs.refused, up.blobs.people.length], [up.blobs.there, 0, 0, 0], 'all of it is here, and right');
  await page.getByText(/收齐/).first().waitFor();
  await road.watch.look(page, '文件和录像收齐');
  ok(`中心恢复后回传：${up.blobs.there} 个文件和录像逐个核对收齐`);
}

export async function opened(road) {
  const registrar = await road.people.staff('registrar');
  await registrar.go('/desk/marking');
  await twice(registrar.page, '机器阅卷');
  await registrar.page.getByText(/2 份答卷已结束，新评 2 份/).waitFor();
  const { page, go } = await road.people.staff('marker');
  await go('/desk/marking/scripts');
  const link = page.getByRole('link', { name: /PDF/ });
  await link.waitFor();
  await road.watch.look(page, '阅卷人看节点交来的文件');
  const download = page.waitForEvent('download');
  await link.click();
  const bytes = readFileSync(await (await download).path());
  same(createHash('sha256').update(bytes).digest('hex'), createHash('sha256').update(SCRIPT).digest('hex'), 'the file as it was handed in');
  ok('阅卷人打开在节点交的文件，与交的一字不差');
}
