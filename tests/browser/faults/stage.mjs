// The harness's stage (heng_fault serve) and a Chromium of our own that can be killed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { chromium } from 'playwright-core';

import { until } from '../check.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-proxy-server', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--lang=zh-CN', '--window-size=1366,900', '--remote-debugging-port=0'];

export class Stage {
  /** In a room of a zone so many minutes east; 0: +8 h. */
  async start(candidates, zoneMinutes = 0) {
    this.child = spawn(process.env.HENG_FAULT, ['serve', String(candidates), String(zoneMinutes)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    Object.assign(this, await this.line());
  }

  async line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the stage ended');
    return JSON.parse(value);
  }

  ask(words) {
    this.child.stdin.write(`${words}\n`);
    return this.line();
  }

  async end() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin.end();
    await ended;
  }
}

/** A browser with a profile on disk, as an exam PC has it; CHROMIUM=/usr/bin/chromium has windows, too. */
export class Pc {
  constructor(env = {}) {
    this.profile = mkdtempSync(join(tmpdir(), 'heng-profile-'));
    this.env = env;
  }

  async start() {
    const child = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell', [...FLAGS, `--user-data-dir=${this.profile}`, 'about:blank'], {
      stdio: 'ignore',
      detached: true, // a group of its own: all its processes can be stopped and killed together
      env: { ...process.env, ...this.env },
    });
    this.child = child;
    this.ended = new Promise((resolve) => child.once('exit', resolve));
    const port = await until(() => {
      try {
        return Number(readFileSync(join(this.profile, 'DevToolsActivePort'), 'utf8').split('\n')[0]);
      } catch {
        return 0;
      }
    }, 'the browser listens');
    this.browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    this.context = this.browser.contexts()[0];
    this.context.setDefaultTimeout(20_000);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    await this.page.setViewportSize({ width: 1366, height: 900 });
  }

  signal(name) {
    process.kill(-this.child.pid, name);
  }

  /** As when the plug is pulled. */
  async kill() {
    this.signal('SIGKILL');
    await this.ended;
    await this.browser.close().catch(() => {});
    rmSync(join(this.profile, 'DevToolsActivePort'), { force: true });
    for (const lock of ['SingletonLock', 'SingletonSocket', 'SingletonCookie']) rmSync(join(this.profile, lock), { force: true });
  }

  async end() {
    await this.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function signIn(page, stage, seat, then = '第 1 考场') {
  await page.goto(`${stage.url}/sit`);
  await page.getByLabel('准考证号').fill(stage.seats[seat].ticket);
  await page.getByRole('textbox', { name: '证件号码' }).fill(stage.seats[seat].document);
  await page.locator('button[type=submit]').click();
  await page.getByText(then).waitFor();
}

export const atItem = (page, n) => page.locator('#no', { hasText: new RegExp(`^\\s*第 ${n} 题\\s*$`) }).waitFor();

export const chosen = (page) => page.evaluate(() => [...document.querySelectorAll('.opt input')].flatMap((input, i) => (input.checked ? [i] : [])));

/** Numbers of the questions that the grid shows as answered. */
export const answeredItems = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('nav.grid button[aria-label*="题 已作答"]')].map((b) => Number(/第 (\d+) 题/.exec(b.getAttribute('aria-label'))[1])),
  );

export const delivered = (page, ms = 60_000) =>
  until(async () => /^\s*0\s*$/.test((await page.locator('dl.save dd').nth(2).textContent()) ?? '') && !(await page.locator('.line').count()), 'everything is on the server', ms);

/** The answers this PC keeps, by item: the response as text. */
export const keptHere = (page) =>
  page.evaluate(async () => {
    const ask = (r) => new Promise((resolve, reject) => ((r.onsuccess = () => resolve(r.result)), (r.onerror = () => reject(r.error))));
    const db = await ask(indexedDB.open('heng-exam'));
    const rows = await ask(db.transaction('answers').objectStore('answers').getAll());
    db.close();
    return Object.fromEntries(rows.filter((row) => row.response !== undefined).map((row) => [row.item, JSON.stringify(row.response)]));
  });
