// The batch opens; the candidates register, apply on the portal, see the verdict; a registrar reviews.
import { applicant } from '../applicant.mjs';
import { ok, truth, until } from '../check.mjs';
import { idOf, openRow, twice } from '../desk.mjs';
import { press, tabTo, type, walk } from '../keyboard.mjs';
import { documentNumber } from '../people.mjs';
import { photo } from '../photo.mjs';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const dayOf = (ms) => new Date(ms + 28_800_000).toISOString().slice(0, 10);

/** The second candidate has no mouse. */
export const CANDIDATES = [
  { number: 1, name: '王晓明', direction: 'A', phone: true },
  { number: 2, name: '李思远', direction: 'B', login: 'li-siyuan' },
].map((c) => ({ login: `1390000000${c.number}`, mobile: `1390000000${c.number}`, ...c, password: `a long sentence of candidate ${c.number}`, document: documentNumber(c.number) }));

const minuteOf = (ms) => new Date(ms + 28_800_000).toISOString().slice(0, 16).replace('T', ' ');

export async function openBatch(road) {
  const { page, go } = await road.people.staff('registrar');
  const now = Date.now();
  await go('/desk/batches/new');
  await page.getByLabel('批次名称').fill('演示批次');
  await page.getByLabel('方案', { exact: true }).selectOption('national-2023');
  await page.getByLabel('四级/中级工', { exact: true }).check();
  await page.getByLabel('报名截止').fill(minuteOf(now + 2 * HOUR));
  await page.getByLabel('考试开始日期').fill(dayOf(now + 2 * DAY));
  await page.getByLabel('考试结束日期').fill(dayOf(now + 3 * DAY));
  await road.watch.look(page, '新建批次');
  await page.getByRole('button', { name: '建立批次' }).click();
  road.batch = await idOf(page, 'batches');
  await page.getByRole('heading', { name: '演示批次' }).waitFor();
  ok('报名审核员开放一个批次');
}

const use = (person, target) => (person.phone ? target.click() : press(person.page, target));

async function register(road, candidate) {
  const size = candidate.phone ? { width: 375, height: 812 } : { width: 1366, height: 800 };
  const person = await road.people.open(candidate, { viewport: size });
  const { page } = person;
  await person.go('/register');
  if (candidate.phone) await road.watch.look(page, '注册');
  const fill = (field, text) => (candidate.phone ? field.fill(text) : type(page, field, text));
  await fill(page.getByLabel('姓名', { exact: true }), candidate.name);
  await fill(page.getByLabel('手机号或账号名'), candidate.login);
  await fill(page.getByLabel('密码', { exact: true }), candidate.password);
  await use(person, page.getByRole('button', { name: '注册并登录' }));
  await page.getByText('你还没有申报').waitFor();
  if (!candidate.phone) return person;
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByText('你还没有申报').waitFor();
  return person;
}

async function begin(road, person) {
  const { page } = person;
  await use(person, page.getByRole('link', { name: '开始申报' }));
  await page.getByRole('link', { name: '选这一批' }).waitFor();
  await use(person, page.getByRole('link', { name: '选这一批' }));
  const place = person.direction.charCodeAt(0) - 65;
  await page.getByRole('radio').nth(place).waitFor();
  if (person.phone) await page.getByRole('radio').nth(place).check();
  else {
    await tabTo(page, page.getByRole('radio').first());
    await page.keyboard.press('Space');
    for (let i = 0; i < place; i++) await page.keyboard.press('ArrowDown');
    truth(await page.getByRole('radio').nth(place).isChecked(), 'arrows choose the direction');
  }
  await use(person, page.getByRole('button', { name: '开始填写' }));
  await page.waitForURL(/\/entries\/[0-9a-f]{32}/);
  person.entry = /entries\/([0-9a-f]{32})/.exec(page.url())[1];
}

const next = (person, step) => use(person, person.page.getByRole('button', { name: `下一步：${step}` }));

async function consent(person) {
  const { page } = person;
  const agree = page.getByRole('button', { name: '我已看清并同意' });
  await agree.first().waitFor();
  for (let left = await agree.count(); left > 0; left--) {
    await use(person, agree.first());
    await until(async () => (await agree.count()) < left, 'the consent is kept');
  }
  await next(person, '个人信息');
}

async function personal(person) {
  const { page } = person;
  const fill = async (label, text) => {
    const field = page.getByLabel(label, { exact: true });
    if (person.phone) await field.fill(text);
    else await type(page, field, text);
    await page.keyboard.press('Tab');
  };
  await page.getByLabel('证件号码', { exact: true }).waitFor();
  if ((await page.getByLabel('姓名', { exact: true }).inputValue()) !== person.name) await fill('姓名', person.name);
  await fill('证件号码', person.document);
  await page.getByText('出生日期和性别').waitFor();
  // Who registered with the number does not type it again.
  if (person.login !== person.mobile) await fill('手机号码', person.mobile);
  await page.getByText(/139\*+/).first().waitFor();
  const shown = await page.locator('body').innerText();
  truth(!shown.includes(person.document), 'the document number is shown in full');
  await next(person, '照片');
}

async function facts(road, person) {
  const { page } = person;
  await page.getByText('现在还不能申报').waitFor();
  await use(person, page.getByRole('button', { name: /添加一段工作/ }));
  await page.getByLabel('职业', { exact: true }).waitFor();
  const fill = (field, text) => (person.phone ? field.fill(text) : type(page, field, text));
  await fill(page.getByLabel('职业', { exact: true }), '全媒体运营师');
  await fill(page.getByLabel('单位', { exact: true }), '演示传媒公司');
  await fill(page.getByLabel('开始日期'), '2019-03-01');
  await page.keyboard.press('Tab');
  await page.getByText(/按所填内容符合第.*条/).waitFor();
  await page.getByText(/已保存 \d\d:\d\d/).waitFor();
  if (person.phone) await road.watch.look(page, '申报条件');
  await next(person, '材料');
}

/** What does not do is said sentence by sentence, and nothing is kept. */
async function photoRefused(road, page) {
  await page.locator('input[type=file]').setInputFiles({ name: 'small.png', mimeType: 'image/png', buffer: photo(9, 200, 280) });
  const said = page.getByRole('alert').filter({ hasText: '这张照片不能用' });
  await said.getByText(/295/).waitFor();
  await page.getByText('还没有照片').waitFor();
  await road.watch.look(page, '照片不合要求');
  ok('照片不合要求：说明原因，不保存');
}

async function applyOne(road, candidate) {
  const person = await register(road, candidate);
  const { page } = person;
  await begin(road, person);
  await consent(person);
  if (!person.phone) await walk(page, '个人信息');
  await personal(person);
  if (person.phone) await photoRefused(road, page);
  await page.locator('input[type=file]').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: photo(person.number) });
  await page.getByRole('status').getByText(/照片合格，已保存|照片已收下/).waitFor();
  await next(person, '申报条件');
  await facts(road, person);
  // Each place says what it is for: the contract belongs to the work that it proves.
  const place = page.getByRole('listitem').filter({ hasText: '演示传媒公司' });
  await place.locator('input[type=file]').setInputFiles({ name: '劳动合同.png', mimeType: 'image/png', buffer: photo(person.number + 50) });
  await place.getByText('劳动合同.png').waitFor();
  await next(person, '提交');
  if (person.phone) await road.watch.look(page, '核对并提交');
  await use(person, page.getByRole('button', { name: '提交申报' }));
  await page.locator('.state', { hasText: '待审核' }).waitFor();
  if (person.phone) await road.watch.look(page, '提交之后');
  return person;
}

export async function apply(road) {
  road.candidates = [];
  for (const candidate of CANDIDATES) {
    const leaves = road.online && road.candidates.length === 0; // the exam's window, in sit
    road.candidates.push(await applyOne(road, { ...candidate, leaves }));
    ok(`考生${candidate.number}在门户${candidate.phone ? '' : '只用键盘'}注册、填表、看到申报条件的判定、提交`);
  }
}

async function acceptProved(road, page) {
  await page.getByRole('button', { name: '已核实', exact: true }).click();
  await page.locator('.found', { hasText: '已证明' }).waitFor();
  await page.getByRole('button', { name: /^通过/ }).click();
  await page.locator('#decide-yes').getByRole('button').click();
}

/** What the machine could not confirm a person may, and says why. */
async function acceptWithReason(road, page) {
  road.watch.provoked.push(/400.*\/accept$/);
  await page.getByRole('button', { name: /^通过/ }).click();
  await page.locator('#decide-yes').getByRole('button').click();
  await page.locator('.decide [aria-invalid=true]').waitFor(); // not without a reason
  await page.getByLabel('事由').fill('已电话向演示传媒公司核实在职');
  await road.watch.look(page, '写明理由通过');
  await page.locator('#decide-yes').getByRole('button').click();
  ok('材料不足以证明：写明理由才能通过');
}

const REFUSED = '所填工作单位查无此人';

/** A third application comes in while the queue is worked on, and is refused. */
export async function refuse(road) {
  const person = await applicant(road, { name: '孙不符', number: 3, mobile: '13900000003' });
  const { page, go } = await road.people.staff('registrar');
  await go(`/desk/review?batch=${road.batch}&state=submitted`);
  await openRow(page, person.name);
  await page.getByRole('heading', { name: person.name, level: 1 }).waitFor();
  await page.getByRole('button', { name: /^不通过/ }).click();
  await page.getByLabel('事由').fill(REFUSED);
  await road.watch.look(page, '不通过并写明理由');
  await page.locator('#decide-yes').getByRole('button').click();
  await page.getByText(REFUSED).first().waitFor();
  await person.go('/');
  await person.page.getByText(REFUSED).first().waitFor();
  await road.watch.look(person.page, '考生看到审核不通过');
  ok('审核不通过：写明理由，考生看得到');
}

/** The queue leads from one application to the next. */
export async function review(road) {
  const { page, go } = await road.people.staff('registrar');
  await go(`/desk/review?batch=${road.batch}&state=submitted`);
  await page.getByRole('row', { name: road.candidates[0].name }).waitFor();
  await road.watch.look(page, '报名审核');
  await openRow(page, road.candidates[0].name);
  for (const [i, { name }] of road.candidates.entries()) {
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    if (i === 0) await road.watch.look(page, '一份申报');
    await (i === 0 ? acceptProved : acceptWithReason)(road, page);
    await page.getByText(`已通过：${name}`).waitFor();
  }
  await go(`/desk/batches/${road.batch}`);
  await page.getByText('批次设置').click();
  await twice(page, '截止报名');
  await page.getByText(/· 报名截止$/).waitFor();
  await road.watch.look(page, '批次');
  ok('报名审核员逐条核实材料、通过申报、截止报名');
  const [first] = road.candidates;
  await first.go('/');
  await first.page.getByText('审核通过').first().waitFor();
  await road.watch.look(first.page, '考生首页');
  ok('考生看到审核通过');
}
