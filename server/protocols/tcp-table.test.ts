import { connect, createServer, type Socket } from 'node:net';
import { endpointsOf, findUnanswered, readUnanswered } from './tcp-table';

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                     ';

/** A line of the table; `queue` and `retransmissions` are hexadecimal there, `probes` decimal. */
function line(endpoints: string, queue: string, retransmissions: string, probes: number): string {
  return `   7: ${endpoints} 01 ${queue}:00000000 01:0000003E ${retransmissions}     0        ${probes} 71448 1 00000000c3f878c6`;
}

test('connections are named as in the table of the kernel', () => {
  const local = { localAddress: '127.0.0.1', localPort: 8888 };
  const named = (remoteAddress: string, remotePort = 50_000) => endpointsOf({ ...local, remoteAddress, remotePort });
  expect(named('192.168.1.20')).toBe('0100007F:22B8 1401A8C0:C350');
  expect(named('::1', 1)).toBe('0100007F:22B8 00000000000000000000000001000000:0001');
  expect(named('::ffff:192.168.1.20')).toBe('0100007F:22B8 0000000000000000FFFF00001401A8C0:C350');
  expect(named('fe80::5054:ff:fe12:3456%eth0')).toBe('0100007F:22B8 000080FE00000000FF005450563412FE:C350');
  expect(named('2001:db8:1:2:3:4:5:6')).toBe(
    '0100007F:22B8 B80D01200200010004000300060005 00:C350'.replace(' 00:', '00:'),
  );
  expect(endpointsOf({ ...local, remoteAddress: undefined, remotePort: undefined })).toBeUndefined();
});

test('unanswered tries are retransmissions and probes of connections with bytes in their queue', () => {
  const gone = '0100007F:22B8 0100007F:C350';
  const full = '0100007F:22B8 0100007F:C351';
  const settled = '0100007F:22B8 0100007F:C352';
  const other = '0100007F:22B8 0100007F:C353';
  const table = [
    head,
    line(gone, '00000064', '0000000a', 0),
    line(full, '0039B600', '00000000', 10),
    line(settled, '00000000', '00000002', 0),
    line(other, '00000064', '00000009', 0),
    '',
  ].join('\n');
  const found = findUnanswered(table, new Set([gone, full, settled, 'none at:all']));
  expect([...found]).toEqual([
    [gone, { queuedBytes: 100, tries: 10 }],
    [full, { queuedBytes: 0x39b600, tries: 10 }],
  ]);
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the table of this kernel', () => {
  test.each(['127.0.0.1', '::1'])(
    'shows a connection of %s whose peer reads nothing, and none that reads',
    async (host) => {
      const [stuck, reading] = [await connected(host), await connected(host)];
      reading.peer.resume();
      reading.socket.write('x');
      // Twice what any kernel buffers by default for both ends.
      stuck.socket.write(Buffer.alloc(16 << 20));
      await new Promise((resolve) => reading.peer.once('data', resolve));
      const names = [stuck, reading].map(({ socket }) => endpointsOf(socket) as string);
      const unanswered = await readUnanswered(new Set(names));
      expect([...unanswered.keys()]).toEqual([names[0]]);
      for (const { socket, peer } of [stuck, reading]) {
        socket.destroy();
        peer.destroy();
      }
    },
  );
});

/** Both ends of a connection; the one that accepted is `socket`, and its peer does not read yet. */
async function connected(host: string): Promise<{ readonly socket: Socket; readonly peer: Socket }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const peer = connect((server.address() as { port: number }).port, host).pause();
  const socket = (await accepted).on('error', () => undefined);
  server.close();
  return { socket, peer };
}
