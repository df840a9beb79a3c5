// A candidate asks for a recheck, the desk answers, the candidate reads the answer; then applies again and
// is told what counts still and how often the rest may be tried.
import { ok, same } from '../check.mjs';
import { openRow } from '../desk.mjs';

const ASKED = '判断题第 5 题我认为应当得分';
const ANSWER = '经复核，机器评分与答案一致，成绩不变';

export async function appeal(road) {
  const person = road.candidates[1];
  await person.go(`/entries/${person.entry}/result`);
  const theory = person.page.locator('section', { has: person.page.getByText(/理论/) }).first();
  await theory.getByRole('button', { name: '申请复核' }).click();
  await theory.getByLabel('请写明要复核什么、为什么').fill(ASKED);
  await theory.getByRole('button', { name: '提交复核申请' }).click();
  await theory.getByText(ASKED).waitFor();
  await road.watch.look(person.page, '申请复核');
  const { page, go } = await road.people.staff('head');
  await go('/desk/results');
  await openRow(page, '演示批次');
  await page.getByRole('button', { name: /^复核/ }).click();
  await page.getByText(ASKED).waitFor();
  await page.getByRole('button', { name: '答复', exact: true }).click();
  await page.getByLabel(/^答复内容/).fill(ANSWER);
  await road.watch.look(page, '复核');
  await page.getByRole('button', { name: '答复考生' }).click();
  await page.getByText('已答复').waitFor();
  await person.page.reload();
  await theory.getByText(ANSWER).waitFor();
  ok('考生申请复核，考评组长答复，考生看到答复');
}

const DAY_MS = 86_400_000;
const day = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);

/** Theory was failed, practice passed: who applies again sits theory alone, and once. */
export async function resit(road) {
  const person = road.candidates[1];
  const registrar = await road.people.staff('registrar');
  const exam = day(Date.now() + 40 * DAY_MS);
  const { batch } = await registrar.api('POST', '/api/batches', { title: '补考批次', programme: 'national-2023', apply_from_ms: Date.now() - 1000, apply_until_ms: Date.now() + 20 * DAY_MS, exam_from: exam, exam_until: exam, levels: [{ level: 4 }] });
  const { entry } = await person.api('GET', `/api/entries/${person.entry}`);
  await person.go(`/apply?batch=${batch.id}&level=${entry.level}`);
  await person.page.getByLabel(entry.direction_name).check();
  await person.page.getByRole('button', { name: '开始填写' }).click();
  const panel = person.page.getByRole('region', { name: '补考' });
  await panel.getByText(/分合格，保留至 \d{4}-\d\d-\d\d，不用再考/).waitFor();
  await panel.getByText('保留期内已报考 1 次').waitFor();
  await panel.getByText(/《全媒体运营师国家职业标准（2023年版）》.*其间可补考一次/).waitFor();
  await road.watch.look(person.page, '补考申报');
  const made = /\/entries\/([0-9a-f]{32})/.exec(person.page.url())?.[1];
  const { entry: draft, resits } = await person.api('GET', `/api/entries/${made}`);
  same(resits.refused, false, 'one resit is left');
  await person.api('POST', `/api/entries/${made}/withdraw`, { version: draft.version });
  ok('再次申报：合格的科目保留，另一科还可补考一次');
}
