// Everybody on the road has a browser context of their own.
import { createHmac } from 'node:crypto';

import { Failed, until } from './check.mjs';

const STEP_MS = 30_000;

function base32(text) {
  const bits = [...text.replace(/=+$/, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

function totp(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', base32(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** GB 11643 numbers of people who do not exist. */
export function documentNumber(n) {
  const digits = `11010119900${1 + (n % 9)}1${1 + (n % 8)}${String(101 + n).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return digits + '10X98765432'[weights.reduce((sum, w, i) => sum + w * Number(digits[i]), 0) % 11];
}

export class Person {
  constructor(account, context, page, url) {
    Object.assign(this, account, { context, page, url, usedStep: 0 });
    this.go = (path) => this.page.goto(this.url + path);
  }

  /** A step counts once; one ahead of time is accepted. */
  async code() {
    const now = () => Math.floor(Date.now() / STEP_MS);
    const step = Math.max(Math.floor((Date.now() + 5000) / STEP_MS) - 1, this.usedStep + 1);
    await until(() => step <= now() + 1, 'a fresh one-time code', 70_000);
    this.usedStep = step;
    return totp(this.secret, step);
  }

  /** The API with the sign-in of this person's browser. */
  async api(method, path, body) {
    const reply = await this.context.request.fetch(this.url + path, { method, data: body, headers: { Origin: this.url, 'Heng-Request': '1', 'Accept-Language': 'zh-CN' } });
    const text = await reply.text();
    if (!reply.ok()) throw new Failed(`${this.login}: ${method} ${path}: ${reply.status()} ${text}`);
    return text[0] === '{' ? JSON.parse(text) : text;
  }
}

export class People {
  constructor(browsers, server, watch) {
    Object.assign(this, { browsers, server, watch, known: new Map() });
  }

  async open(account, options = {}) {
    const browser = await this.browsers.of(account);
    const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 1366, height: 800 }, ...options });
    context.setDefaultTimeout(20_000);
    await this.watch.follow(context);
    const page = await context.newPage();
    const person = new Person(account, context, page, this.server.url);
    this.known.set(account.login, person);
    return person;
  }

  /** A member of staff, signed in on the desk with password and one-time code. */
  async staff(login) {
    const known = this.known.get(login);
    if (known) return known;
    const person = await this.open(this.server.accounts.get(login));
    const { page } = person;
    await person.go('/desk/');
    await page.getByLabel('账号', { exact: true }).fill(person.login);
    await page.getByLabel('密码', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByLabel('动态码', { exact: true }).fill(await person.code());
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('link', { name: person.name }).waitFor();
    return person;
  }

  /** The second person looks at what waits and confirms it with a code. */
  async confirm(login, summary) {
    const person = await this.staff(login);
    const { page } = person;
    await person.go('/desk/approvals');
    await page.getByRole('row', { name: summary }).first().click();
    await page.getByLabel('你的动态码').fill(await person.code());
    await page.getByRole('button', { name: /^确认：/ }).click();
    await page.getByText('已确认').first().waitFor();
    return person;
  }

  async pictures(folder) {
    for (const { login, page } of this.known.values()) await page.screenshot({ path: `${folder}/${login}.png`, fullPage: true }).catch(() => {});
  }
}
