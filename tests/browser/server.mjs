// A server of our own: its folder, its start, its sudden death and its end.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Failed } from './check.mjs';

export class Server {
  constructor(program) {
    this.program = program;
    this.folder = mkdtempSync(join(tmpdir(), 'heng-browser-'));
    this.data = join(this.folder, 'data');
    this.listen = '127.0.0.1:0';
  }

  init() {
    const done = spawnSync(this.program, ['init', '--data', this.data, '--demo'], { encoding: 'utf8' });
    if (done.status !== 0) throw new Failed(`heng init: ${done.error ?? done.stderr}`);
    this.accounts = new Map();
    for (const line of readFileSync(`${this.data}.accounts`, 'utf8').split('\n')) {
      if (!line || line.startsWith('#')) continue;
      const [login, password, secret, passphrase, name] = line.split('\t');
      this.accounts.set(login, { login, password, secret, passphrase, name });
    }
  }

  /** The first line it prints is its address; the same port when it comes back. */
  async start() {
    const log = openSync(join(this.folder, 'log'), 'a');
    const child = spawn(this.program, ['serve', '--data', this.data, '--listen', this.listen, '--rate-factor', '10000'], {
      stdio: ['ignore', 'pipe', log],
    });
    closeSync(log);
    this.child = child;
    this.ended = new Promise((resolve) => child.once('exit', resolve));
    this.url = await new Promise((resolve, reject) => {
      let text = '';
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (part) => {
        text += part;
        if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Failed(`heng serve ended with ${code}: ${this.log()}`)));
    });
    this.listen = new URL(this.url).host;
  }

  /** As a power cut: nothing is written, nobody is told. */
  async killSuddenly() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async stop() {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await this.ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  log() {
    try {
      return readFileSync(join(this.folder, 'log'), 'utf8').split('\n').filter((line) => line && !line.includes('level=info')).slice(-12).join('\n');
    } catch {
      return '';
    }
  }
}
