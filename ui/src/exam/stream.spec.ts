import { expect, it } from 'vitest';

import { EventReader } from './stream';

it('reads events however the network cuts them', () => {
  const text = 'event: beat\ndata: {"server_ms":1}\n\n: a comment\n\nevent: notice\r\ndata: {"text":"请注意：\\n坐好"}\r\n\r\nevent: odd\ndata: no json\n\ndata: {"a":1}\n\n';
  const wanted = [
    { name: 'beat', data: { server_ms: 1 } },
    { name: 'notice', data: { text: '请注意：\n坐好' } },
    { name: 'message', data: { a: 1 } },
  ];
  for (let size = 1; size < text.length; size += 3) {
    const reader = new EventReader();
    const got = [];
    for (let at = 0; at < text.length; at += size) got.push(...reader.push(text.slice(at, at + size)));
    expect(got).toEqual(wanted);
  }
});
