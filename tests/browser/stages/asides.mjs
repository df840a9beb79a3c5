// What happens beside the road: a number shown in full for a reason, an application sent back and
// handed in again, an account made, reset, disabled and enabled.
import { ok, same, truth, until } from '../check.mjs';
import { idOf, openRow, twice } from '../desk.mjs';
import { press, walk } from '../keyboard.mjs';

const WHY = '劳动合同缺盖章页，请补传后重新提交';

async function unmask(registrar, candidate) {
  const { page } = registrar;
  await page.getByRole('button', { name: '查看完整号码' }).click();
  const sure = page.locator('.sure');
  await sure.getByRole('button', { name: '查看完整号码' }).click();
  await sure.locator('.danger, [aria-invalid=true]').first().waitFor(); // not without a reason
  truth(!(await page.locator('body').innerText()).includes(candidate.document), 'nothing is shown without a reason');
  await sure.getByLabel('事由').fill('核对纸质登记表');
  await sure.getByRole('button', { name: '查看完整号码' }).click();
  await page.getByText(candidate.document).waitFor();
  await candidate.go('/me/views');
  await candidate.page.getByText('核对纸质登记表').waitFor();
  ok('查看完整号码须写原因，考生看得到谁、为什么看过');
}

/** The second application goes back once before it is accepted. */
export async function sendBack(road) {
  const registrar = await road.people.staff('registrar');
  const candidate = road.candidates[1];
  const { page } = registrar;
  await registrar.go(`/desk/review?batch=${road.batch}&state=submitted`);
  await page.getByRole('row', { name: candidate.name }).waitFor();
  await walk(page, '报名审核');
  await page.getByRole('row', { name: candidate.name }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: candidate.name, level: 1 }).waitFor();
  await road.watch.look(page, '退回之前的申报');
  road.watch.provoked.push(/400.*\/unmask$/);
  await unmask(registrar, candidate);
  const back = page.getByRole('button', { name: /^退回/ });
  await press(page, back);
  const why = page.getByLabel('事由');
  await why.waitFor();
  truth(await why.evaluate((el) => el === document.activeElement), 'the reason has the focus');
  await page.keyboard.press('Escape');
  await back.waitFor();
  truth(await back.evaluate((el) => el === document.activeElement), 'Esc gives the focus back');
  await page.keyboard.press('Enter');
  await why.waitFor();
  await page.keyboard.type(WHY);
  await road.watch.look(page, '退回申报');
  await press(page, page.locator('#decide-yes').getByRole('button'));
  await page.getByText(WHY).first().waitFor();
  await candidate.go('/');
  await candidate.page.getByRole('heading', { name: '按审核意见修改后再次提交' }).waitFor();
  await candidate.page.getByText(WHY).waitFor();
  await candidate.go(`/entries/${candidate.entry}`);
  await candidate.page.getByText(WHY).first().waitFor();
  await road.watch.look(candidate.page, '考生看退回的原因');
  const { entry } = await candidate.api('GET', `/api/entries/${candidate.entry}`);
  same(entry.state, 'returned', 'the state');
  await candidate.page.getByRole('link', { name: /提交/ }).or(candidate.page.getByRole('button', { name: /6 提交/ })).first().click();
  await candidate.page.getByRole('button', { name: '提交申报' }).click();
  await candidate.page.locator('.state', { hasText: '待审核' }).waitFor();
  ok('申报退回、考生看到原因、改后再交');
}

export async function accounts(road) {
  const security = await road.people.staff('security');
  const { page } = security;
  await security.go('/desk/accounts/new');
  await page.getByLabel('姓名', { exact: true }).fill('周考评');
  await page.getByLabel('登录名', { exact: true }).fill('zhou.kaoping');
  await page.getByLabel('考评员', { exact: true }).check();
  await road.watch.look(page, '新建账号');
  await page.getByRole('button', { name: '建立账号' }).click();
  await page.getByText('zhou.kaoping 的首次密码').waitFor();
  const first = await page.locator('.secret').innerText();
  await road.watch.look(page, '首次密码');
  await security.go('/desk/accounts');
  await openRow(page, '周考评');
  await idOf(page, 'accounts');
  await twice(page, '重置密码');
  await page.locator('.secret').waitFor();
  truth((await page.locator('.secret').innerText()) !== first, 'another password');
  await twice(page, '停用账号');
  await until(() => page.getByRole('button', { name: '启用账号' }).count(), 'it is disabled');
  await road.watch.look(page, '停用的账号');
  await twice(page, '启用账号');
  await until(() => page.getByRole('button', { name: '停用账号' }).count(), 'it is enabled');
  ok('安全管理员建立、重置、停用、启用账号');
}

/** What nobody does on the road, and everybody may look up: the days of a programme's exams, words that may not stand. */
export async function lookUps(road) {
  const { page, go } = await road.people.staff('registrar');
  await go('/desk/programmes/ccia?tab=rules');
  const dates = page.getByRole('region', { name: '近期考试日期' }).first();
  const days = async () => (await dates.locator('td:first-child').allInnerTexts()).map((day) => day.trim());
  await until(async () => (await days()).length === 6, 'six months');
  const last = await days();
  truth(last.every((day) => new Date(`${day}T00:00:00Z`).getUTCDay() === 6), `Saturdays: ${last}`);
  await road.watch.look(page, '近期考试日期');
  await dates.getByRole('button', { name: '当月最后一周的星期六' }).click();
  await until(async () => (await days()).join() !== last.join(), 'the other reading has other days');
  ok('考试日期按规定的两种读法列出');
}

/** What changed, in words; and the anchors of the audit chains: the newest, where everybody finds it, and that the rows fit them. */
export async function anchors(road) {
  const { page, go } = await road.people.staff('audit');
  await go('/desk/audit?act=entry_submit');
  await page.getByRole('row', { name: /状态 \S+ → 待审核/ }).first().click();
  await page.getByRole('complementary', { name: '这一行' }).getByRole('cell', { name: '状态', exact: true }).waitFor();
  await road.watch.look(page, '审计');
  await page.getByRole('button', { name: '锚点', exact: true }).click();
  const newest = page.getByRole('region', { name: '最新锚点' });
  await newest.getByRole('button', { name: '用锚点核对' }).click();
  await newest.getByText('审计行与锚点相符').waitFor();
  const hash = (await newest.locator('dd.mono').first().innerText()).trim();
  truth(/^[0-9a-f]{64}$/.test(hash), `the hash of an anchor: ${hash}`);
  const number = Number(await newest.locator('dd b').first().innerText());
  const reply = await fetch(road.server.url + (await newest.getByRole('link', { name: '/.well-known/heng-anchors.jsonl' }).getAttribute('href')));
  const published = JSON.parse((await reply.text()).trim().split('\n').at(-1));
  truth(published.type === 'anchor' && published.number >= number, `published: ${JSON.stringify(published).slice(0, 200)}`);
  await page.getByRole('region', { name: '全部锚点' }).first().getByRole('row').nth(1).waitFor();
  await road.watch.look(page, '审计锚点');
  ok('审计员看到最新锚点和公开地址，用锚点核对审计行');
}

export async function words(road) {
  const { page, go } = await road.people.staff('issuer');
  await go('/desk/certificates');
  await page.getByRole('link', { name: '用词核查' }).click();
  await page.getByRole('heading', { name: '用词核查' }).waitFor();
  const ccia = page.getByRole('region', { name: 'ccia', exact: true });
  await ccia.getByText('不能签发').first().waitFor();
  await road.watch.look(page, '用词核查');
  await ccia.getByRole('button', { name: '提请放行', exact: true }).click();
  await ccia.getByLabel('事由').fill('受该会书面委托代印，委托书第 12 号');
  await ccia.getByRole('button', { name: '提请放行 ccia', exact: true }).click();
  await ccia.getByText('已提出，等第二人确认').waitFor();
  await road.people.confirm('issuer2', /放行/);
  await page.reload();
  await ccia.getByText('已放行').first().waitFor();
  same(await ccia.getByText('不能签发').count(), 0, 'words of ccia that still halt');
  await page.getByRole('region', { name: 'nrta-host', exact: true }).getByText('不能签发').first().waitFor();
  ok('不得使用的用词拦住签发，两人写明依据才放行，只放行那个方案');
}
