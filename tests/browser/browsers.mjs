// The browsers of the road: the shell without windows takes two thirds of the CPU, but what is in it never loses
// the focus. Who is to leave the exam's window (account.leaves) has a Chromium with windows.
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-proxy-server', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

export class Browsers {
  constructor() {
    this.launched = new Map();
  }

  /** The browser of a person with this account. */
  of({ leaves }) {
    const program = leaves ? '/usr/bin/chromium' : '/usr/bin/chromium-headless-shell';
    if (!this.launched.has(program)) this.launched.set(program, chromium.launch({ executablePath: program, args: FLAGS }));
    return this.launched.get(program);
  }

  async close() {
    for (const browser of this.launched.values()) await (await browser).close();
  }
}
