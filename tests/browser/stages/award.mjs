// The machine marks, examiners score without seeing each other, two publish, certificates are
// issued; strangers verify them; two people revoke one.
import { ok, same, truth } from '../check.mjs';
import { openRow, twice } from '../desk.mjs';
import { type, walk } from '../keyboard.mjs';

/** With the keys: the third band of every point, the first in full; then handed in. */
async function score(road, login) {
  const { page, go } = await road.people.staff(login);
  await go('/desk/marking');
  await page.getByRole('link', { name: '评分', exact: true }).click();
  for (let n = 1; n <= road.candidates.length; n++) {
    await page.getByText(`${n - 1} / ${road.candidates.length} 已提交`).waitFor();
    const points = page.locator('.point');
    await points.first().waitFor();
    const count = await points.count();
    for (let i = 0; i < count; i++) {
      await page.locator('.point.here').and(page.locator(`#point-${i}`)).waitFor();
      await page.keyboard.press(i === 0 ? '4' : '3');
      if (i + 1 < count) await page.keyboard.press('ArrowDown');
    }
    if (n === 1 && login === 'examiner') await road.watch.look(page, '考评员评分');
    await twice(page, '提交并锁定');
  }
  await page.getByText(`${road.candidates.length} / ${road.candidates.length} 已提交`).waitFor();
}

export async function mark(road) {
  const { page, go } = await road.people.staff('registrar');
  await go('/desk/marking');
  await twice(page, '机器阅卷');
  await page.getByText(/2 份答卷已结束，新评 2 份/).waitFor();
  await road.watch.look(page, '阅卷');
  ok('机器评分');
  for (const login of ['examiner', 'examiner2', 'examiner3']) await score(road, login);
  ok('三名考评员各自独立评分');
}

export async function publish(road) {
  const registrar = await road.people.staff('registrar');
  const { page, go } = registrar;
  await go('/desk/results');
  await openRow(page, '演示批次');
  await twice(page, '合成成绩');
  await page.getByText(/2 名考生，4 项成绩/).waitFor();
  await road.watch.look(page, '成绩合成');
  await twice(page, '公布成绩', '提请公布 4 项成绩');
  await page.getByText('已提出，等第二人确认').waitFor();
  await road.people.confirm('registrar2', /公布.*成绩/);
  const { total } = await registrar.api('GET', `/api/batches/${road.batch}/awards`);
  same(total, 1, 'awards');
  ok('成绩由两人公布，一人合格');
  const [first, second] = road.candidates;
  for (const [person, score, word] of [
    [first, road.theoryMarks?.[0] ?? '60', '合格'],
    [second, road.theoryMarks?.[1] ?? '20', '不合格'],
  ]) {
    await person.go(`/entries/${person.entry}/result`);
    const theory = person.page.locator('section', { has: person.page.getByText(/理论/) }).first();
    await theory.waitFor();
    same((await theory.locator('.sum b').innerText()).trim(), score, `the theory marks of ${person.login}`);
    truth((await theory.innerText()).includes(word), `${person.login} reads ${word}`);
  }
  await road.watch.look(first.page, '成绩');
  ok('考生看到成绩：答对的每一题都算了分');
}

export async function issue(road) {
  const issuer = await road.people.staff('issuer');
  const { page, go } = issuer;
  await go('/desk/certificates');
  await page.getByText('1 人待签发').waitFor();
  await twice(page, '签发 1 张证书');
  await page.getByText('已签发 1 张').waitFor();
  await road.watch.look(page, '签发');
  const { certificates } = await issuer.api('GET', `/api/certificates?batch=${road.batch}&limit=20`);
  same(certificates.length, 1, 'certificates');
  [road.certificate] = certificates;
  const [first] = road.candidates;
  await first.go('/certificates');
  await first.page.getByText(road.certificate.number).waitFor();
  const href = await first.page.getByRole('link', { name: /下载证书/ }).getAttribute('href');
  const file = await first.context.request.get(first.url + href);
  same((await file.body()).subarray(0, 5).toString('latin1'), '%PDF-', 'the certificate');
  await road.watch.look(first.page, '证书');
  ok('签发员签发证书，考生下载');
  const registrar = await road.people.staff('registrar');
  await registrar.go(`/desk/batches/${road.batch}`);
  await registrar.page.getByRole('row', { name: first.name }).waitFor();
  await road.watch.look(registrar.page, '批次时间线');
  if (road.pictures) await road.picture(registrar.page, 'batch');
}

export async function lookUp(page, url, number, second) {
  await page.goto(`${url}/verify`);
  await type(page, page.getByLabel('证书编号'), number);
  await type(page, page.getByLabel(/姓名、证件号后 4 位/), second);
  await page.keyboard.press('Enter');
}

/** Strangers: one without script, one with. */
async function strangersSee(road, word) {
  const plain = await road.people.open({ login: `stranger-${word}` }, { javaScriptEnabled: false });
  const { number } = road.certificate;
  const { name } = road.candidates[0];
  await lookUp(plain.page, plain.url, number, name);
  await plain.page.getByText(word).first().waitFor();
  const shown = await plain.page.locator('body').innerText();
  truth(!shown.includes(road.candidates[0].document), 'the document number is masked');
  await lookUp(plain.page, plain.url, number, '张三');
  await plain.page.getByText('未查到').first().waitFor();
  const person = await road.people.open({ login: `passer-by-${word}` });
  await person.go('/verify');
  await walk(person.page, '核验');
  await lookUp(person.page, person.url, number, name);
  await person.page.getByText(word).first().waitFor();
  await road.watch.look(person.page, `核验页（${word}）`);
  return person;
}

export async function verify(road) {
  const person = await strangersSee(road, '有效');
  if (road.pictures) await road.picture(person.page, 'verify');
  ok('陌生人核验：有效；无脚本也行；填错一项查不到');
}

export async function revoke(road) {
  const { page, go } = await road.people.staff('issuer');
  await go('/desk/certificates');
  await openRow(page, road.certificate.number);
  await page.getByRole('button', { name: '撤销', exact: true }).click();
  await page.getByLabel('事由').fill('更正答案后成绩不合格');
  await page.getByRole('button', { name: `提请撤销 ${road.certificate.number}` }).click();
  await page.getByText('已提出，等第二人确认').waitFor();
  await road.watch.look(page, '一张证书');
  await road.people.confirm('issuer2', /撤销/);
  ok('两人撤销证书');
  await strangersSee(road, '已撤销');
  ok('陌生人再次核验：已撤销');
  await go('/desk/certificates');
  await page.getByText(road.certificate.number).first().waitFor();
  same(await page.getByText('更正为不合格').count(), 0, 'certificates that still wait to be revoked');
  const auditor = await road.people.staff('audit');
  const { rows, broken } = await auditor.api('GET', '/api/audit/verify');
  same(broken, [], 'breaks of the audit chain');
  truth(rows > 100, `audit rows: ${rows}`);
  ok('审计链完整');
}
