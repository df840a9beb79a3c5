// Sessions, rooms, seats, staff; tickets; sealed papers.
import { ok, same, truth, until } from '../check.mjs';
import { idOf, twice } from '../desk.mjs';
import { conduct } from './online.mjs';

const HOUR = 3_600_000;
/** Long enough that the candidates can be at their seats before it starts. */
const BEFORE_START_MS = 30_000;

const part = (page, name) => page.getByRole('button', { name, exact: true }).click();

async function newSession(road, page, component) {
  await page.getByRole('button', { name: '新场次' }).click();
  await page.getByLabel('批次', { exact: true }).selectOption({ label: '演示批次' });
  const choice = page.getByLabel('科目', { exact: true });
  // The components come with the programme of the batch, a moment after it is chosen.
  const label = await until(async () => (await choice.locator('option').allInnerTexts()).find((word) => word.includes(component)), `${component} among the components`);
  await choice.selectOption({ label });
  await page.getByRole('button', { name: '建立场次' }).click();
  return idOf(page, 'sessions');
}

/** The page plans days ahead; nobody here wants to wait for days. */
async function startSoon(registrar, id, startsMs) {
  const { version, component_name: title } = await registrar.api('GET', `/api/sessions/${id}`);
  await registrar.api('PATCH', `/api/sessions/${id}`, { version, title, starts_ms: startsMs, earliest_hand_in_minutes: 0 });
}

async function roomAndSeats(page, first) {
  await page.getByRole('button', { name: '加考场' }).first().click();
  if (first) {
    await page.getByLabel('考点名称').fill('演示考点');
    await page.getByLabel('地址', { exact: true }).fill('北京市东城区演示路 1 号');
  }
  await page.getByLabel('考场名称').fill('第1考场');
  await page.locator('form').getByRole('button', { name: '加考场' }).click();
  await page.getByRole('heading', { name: '第1考场' }).waitFor();
  await page.getByRole('button', { name: '自动排座（2 人）' }).click();
  await page.getByText(/已排 2 人/).waitFor();
}

async function assign(road, page, login, duty, room) {
  const { name } = road.server.accounts.get(login);
  await page.getByLabel('职责', { exact: true }).selectOption({ label: duty });
  await page.getByLabel('人员', { exact: true }).selectOption({ label: name });
  await page.getByLabel('考场', { exact: true }).selectOption({ label: room ? '第1考场' : '全场次' });
  await page.getByRole('button', { name: '安排人员' }).click();
  await page.getByRole('cell', { name, exact: true }).waitFor();
}

async function arrangeSkills(road, registrar) {
  const { page, go } = registrar;
  await go('/desk/sessions');
  road.skills = await newSession(road, page, '技能');
  await startSoon(registrar, road.skills, road.startsMs + 3 * HOUR);
  await page.reload();
  await roomAndSeats(page, true);
  await part(page, '人员');
  for (const login of ['examiner', 'examiner2', 'examiner3']) await assign(road, page, login, '考评员');
  await assign(road, page, 'head', '考评组长');
  await assign(road, page, 'supervisor', '质量督导员');
  await twice(page, '完成编排');
  await page.getByText('编排已完成').waitFor();
}

async function arrangeTheory(road, registrar) {
  const { page, go } = registrar;
  await go('/desk/sessions');
  road.theory = await newSession(road, page, '理论');
  await startSoon(registrar, road.theory, road.startsMs);
  await page.reload();
  await roomAndSeats(page, false);
  await road.watch.look(page, '考场座位');
  if (road.online) await conduct(road, page);
  await part(page, '人员');
  await assign(road, page, 'invigilator', '监考员', true);
  await assign(road, page, 'supervisor', '质量督导员');
  for (const login of ['officer', 'officer2']) await assign(road, page, login, '试卷启封员');
  road.watch.provoked.push(new RegExp(`status of 4\\d\\d .*/sessions/${road.theory}/close$`));
  await twice(page, '完成编排');
  const finding = page.getByRole('row', { name: /阻止完成.*监考/ });
  await finding.waitFor();
  await road.watch.look(page, '编排核对');
  truth(/20\d\d|标准|办法|规/.test(await finding.getByRole('cell').last().innerText()), 'the finding names its source');
  ok('一个考场只有一名监考员：完成编排被拒绝，写明依据');
  await part(page, '人员');
  await assign(road, page, 'invigilator2', '监考员', true);
  await road.watch.look(page, '考务人员');
  // The question of the act that was refused still stands.
  await page.locator('.sure').getByRole('button', { name: '完成编排' }).click();
  await page.getByText('编排已完成').waitFor();
}

export async function arrange(road) {
  const registrar = await road.people.staff('registrar');
  road.startsMs = Date.now() + (road.leadMs ?? BEFORE_START_MS);
  await arrangeSkills(road, registrar);
  await arrangeTheory(road, registrar);
  ok('编排两场考试：考场、座位、监考员、考评员');
}

export async function tickets(road) {
  const registrar = await road.people.staff('registrar');
  await part(registrar.page, '准考证与名单');
  await registrar.page.getByRole('button', { name: '发放准考证' }).click();
  await registrar.page.getByText('新发 2 张').waitFor();
  const { rooms } = await registrar.api('GET', `/api/sessions/${road.theory}`);
  for (const person of road.candidates) {
    const seat = truth(rooms.flatMap((r) => r.seats).find((s) => s.entry === person.entry), 'a seat');
    person.ticket = truth(seat.ticket, 'a ticket number');
    person.seatNo = seat.number;
    await person.go(`/entries/${person.entry}/ticket`);
    const link = person.page.getByRole('link', { name: '打印准考证（PDF）' }).first();
    await link.waitFor();
    const file = await person.context.request.get(person.url + (await link.getAttribute('href')));
    same((await file.body()).subarray(0, 5).toString('latin1'), '%PDF-', 'the ticket');
  }
  await road.watch.look(road.candidates[0].page, '准考证');
  ok('考生看到座位，下载准考证');
}

/** In every paper of the road: a sound and a film, which travel sealed beside the papers. */
const PLAYED = ['n4-av-0002', 'n4-av-0005'];
/** The usual paper with two hotspots at its end: their pictures travel inside the sealed papers. */
const LAYOUT = [
  { kind: 'single', count: 60, millimarks: 1000 },
  { kind: 'multiple', count: 20, millimarks: 1000 },
  { kind: 'true_false', count: 18, millimarks: 1000 },
  { kind: 'hotspot', count: 2, millimarks: 1000 },
];

/** A paper for pencils: nothing is played or pointed at; the last two are written by hand. */
const PENCIL = [
  { kind: 'single', count: 60, millimarks: 1000 },
  { kind: 'multiple', count: 20, millimarks: 1000 },
  { kind: 'true_false', count: 18, millimarks: 1000 },
  { kind: 'blank', count: 2, millimarks: 1000 },
];

export const pencilPapers = (road) => seal(road, PENCIL, []);

export async function papers(road) {
  const reviewer = await road.people.staff('reviewer');
  const { items } = await reviewer.api('GET', '/api/items?programme=national-2023&search=n4-av-&limit=20');
  const must = items.filter((item) => PLAYED.includes(item.code)).map((item) => item.id);
  same(must.length, PLAYED.length, 'items with a sound or a film');
  await seal(road, LAYOUT, must);
}

async function seal(road, layout, must) {
  const reviewer = await road.people.staff('reviewer');
  const forms = [];
  for (const direction of ['A', 'B']) {
    const made = await reviewer.api('POST', '/api/forms', { name: `热点卷 ${direction}`, programme: 'national-2023', component: 'theory', level: 4, direction, layout, must });
    forms.push(...made.forms.map((form) => form.id ?? form));
  }
  const sealed = await reviewer.api('POST', `/api/sessions/${road.theory}/papers`, { forms });
  const { papers: all, spares } = sealed.papers;
  truth(all >= road.candidates.length && spares > 0, `papers and spares: ${JSON.stringify(sealed)}`);
  ok('按权重表组卷，为每位考生封装试卷');
}
