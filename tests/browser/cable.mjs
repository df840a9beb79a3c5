// The cable between a candidate's machine and the server: a proxy of ours that can be pulled. A pulled
// cable refuses nothing, it is silent: connections stay and carry nothing, new ones are never answered.
import { connect, createServer } from 'node:net';

export class Cable {
  constructor(server) {
    Object.assign(this, { server, pulled: false, sockets: new Set() });
  }

  async open() {
    this.listener = createServer((near) => this.join(near));
    await new Promise((resolve) => this.listener.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.listener.address().port}`;
  }

  join(near) {
    this.keep(near);
    if (this.pulled) return;
    const [host, port] = this.server.listen.split(':');
    const far = connect(Number(port), host);
    this.keep(far);
    near.on('data', (piece) => this.pulled || far.write(piece));
    far.on('data', (piece) => this.pulled || near.write(piece));
    for (const [one, other] of [[near, far], [far, near]]) one.on('close', () => this.pulled || other.destroy());
  }

  keep(socket) {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
  }

  pull() {
    this.pulled = true;
  }

  /** What stood still is dead by now. */
  plug() {
    this.pulled = false;
    for (const socket of this.sockets) socket.destroy();
  }

  close() {
    this.plug();
    this.listener.close();
  }
}
