// Level 2: a candidate stands before a review panel. Three members score blind on their page, too far
// apart; the head examiner decides; the results name what else is missing.
import { applicant } from '../applicant.mjs';
import { ok, same, truth } from '../check.mjs';
import { openRow, twice } from '../desk.mjs';

const DAY_MS = 86_400_000;
const day = (ms) => new Date(ms + 28_800_000).toISOString().slice(0, 10);
const SINCE = '2014-03-01';
const FACTS = { work: [{ occupation: '全媒体运营师', from: SINCE }], certificates: [{ occupation: '全媒体运营师', level: 3, issued: SINCE }] };
const MEMBERS = ['panel', 'panel2', 'panel3'];
const REASON = '复看答辩记录后按评审要点裁定';

async function accepted(road, registrar) {
  const exam = day(Date.now() + 3 * DAY_MS);
  const { batch } = await registrar.api('POST', '/api/batches', { title: '技师批次', programme: 'national-2023', apply_from_ms: Date.now() - 1000, apply_until_ms: Date.now() + DAY_MS, exam_from: exam, exam_until: exam, levels: [{ level: 2 }] });
  const person = await applicant(road, { name: '赵技师', number: 8, mobile: '13900000008', batch: batch.id, level: 2, direction: 'B', facts: FACTS });
  const path = `/api/entries/${person.entry}`;
  const { entry } = await registrar.api('GET', path);
  const rulings = ['work', 'certificates'].map((list) => ({ fact: `/${list}/0`, evidence: 'proved' }));
  const ruled = await registrar.api('PATCH', `${path}/facts`, { version: entry.version, reason: '已核对证书和劳动合同原件', rulings });
  await registrar.api('POST', `${path}/accept`, { version: ruled.entry.version });
  return { person, batch };
}

async function arranged(road, registrar, batch) {
  const { id } = await registrar.api('POST', `/api/batches/${batch.id}/sessions`, { component: 'review', starts_ms: Date.now() + 3 * DAY_MS, minutes: 20 });
  const { sites } = await registrar.api('GET', '/api/sites');
  await registrar.api('POST', `/api/sessions/${id}/rooms`, { site: sites[0].id, name: '评审室', rows: 2, columns: 3 });
  await registrar.api('POST', `/api/sessions/${id}/seat`, {});
  const { page, go } = registrar;
  await go(`/desk/sessions/${id}?part=staff`);
  const duty = page.getByLabel('职责', { exact: true });
  const assign = async (login, label) => {
    const { name } = road.server.accounts.get(login);
    await duty.selectOption({ label });
    await page.getByLabel('人员', { exact: true }).selectOption({ label: name });
    await page.getByRole('button', { name: '安排人员' }).click();
    await page.getByRole('cell', { name, exact: true }).waitFor();
  };
  for (const login of MEMBERS.slice(0, 2)) await assign(login, '评委');
  await assign('head', '考评组长');
  await assign('supervisor', '质量督导员');
  road.watch.provoked.push(new RegExp(`status of 4\\d\\d .*/sessions/${id}/close$`));
  await twice(page, '完成编排');
  await page.getByRole('row', { name: /阻止完成.*综合评审委员 2 人，至少应有 3 人/ }).waitFor();
  await road.watch.look(page, '综合评审编排核对');
  await page.getByRole('button', { name: '人员', exact: true }).click();
  await assign(MEMBERS[2], '评委');
  await page.locator('.sure').getByRole('button', { name: '完成编排' }).click();
  await page.getByText('编排已完成').waitFor();
  await go(`/desk/sessions/${id}`);
  await page.getByText('赵技师').first().waitFor();
  await page.getByText('视听运营').first().waitFor();
  await road.watch.look(page, '评审室座位');
  ok('综合评审：委员少于三人不能完成编排，补足后完成');
  return id;
}

/** BAND: one to four, as the keys. */
async function score(road, login, band) {
  const { page, go } = await road.people.staff(login);
  await go('/desk/marking');
  await page.getByRole('link', { name: '评分', exact: true }).click();
  await page.getByText('0 / 1 已提交').waitFor();
  await page.getByText('二级/技师 · 视听运营').first().waitFor();
  same(await page.getByText('赵技师').count(), 0, 'names before all have scored');
  await page.locator('.point.here').waitFor();
  await page.keyboard.press(String(band));
  await page.getByLabel('总评').fill('申报材料完整，答辩切题');
  if (login === 'panel') await road.watch.look(page, '评委评分');
  await twice(page, '提交并锁定');
  await page.getByText('1 / 1 已提交').waitFor();
  if (login === 'panel') await road.watch.look(page, '评委评分已提交');
}

export async function jury(road) {
  const registrar = await road.people.staff('registrar');
  const { batch } = await accepted(road, registrar);
  const session = await arranged(road, registrar, batch);
  await score(road, 'panel', 4);
  await score(road, 'panel2', 4);
  const head = await road.people.staff('head');
  const { page, go } = head;
  await go('/desk/marking');
  const row = page.getByRole('row', { name: /综合评审/ });
  await row.waitFor();
  same(await row.getByRole('link', { name: '评分', exact: true }).count(), 0, 'a sheet offered to who decides');
  await row.getByRole('link', { name: '成绩与裁定' }).click();
  await page.getByText('2 / 3').waitFor();
  same(await page.locator('.vote').count(), 0, 'scores shown before all are in');
  await score(road, 'panel3', 3);
  await page.reload();
  await page.getByRole('button', { name: '裁定', exact: true }).click();
  await page.getByLabel('裁定分').fill('80');
  await page.getByLabel(/^裁定理由/).fill(REASON);
  await road.watch.look(page, '考评组长裁定');
  await page.locator('form').getByRole('button', { name: '裁定', exact: true }).click();
  await page.getByText(REASON).waitFor();
  await road.watch.look(page, '综合评审评分汇总');
  const { marks } = await head.api('GET', `/api/sessions/${session}/component-marks`);
  same(marks.map((m) => [m.state, m.millimarks, m.needed]), [['settled', 80_000, 3]], 'the decided mark');
  ok('三名评委各自评分，相差过大由考评组长裁定并写明理由');
  await registrar.go('/desk/results');
  await openRow(registrar.page, '技师批次');
  await twice(registrar.page, '合成成绩');
  const missing = registrar.page.getByRole('row', { name: /赵技师/ });
  await missing.first().waitFor();
  const texts = await missing.allInnerTexts();
  truth(texts.length === 2 && texts.some((x) => x.includes('理论知识考试')) && texts.some((x) => x.includes('操作技能考核')), `missing parts: ${texts}`);
  await road.watch.look(registrar.page, '二级成绩不全');
  ok('二级的成绩要三个科目：缺少的理论和技能逐项写明');
}
