import { nats } from './nats';
import { RecordedConnection, runSplit, type WireCase } from './recorded-connection';

const info = 'INFO {"server_id":"X","max_payload":1048576} \r\n';

const cases: readonly WireCase[] = [
  {
    name: 'a sender is ready at the first PONG',
    role: 'send',
    from: `${info}PONG\r\nPONG\r\n`,
    said: ['ready', 'ponged'],
    written: '',
  },
  { name: 'PING is answered', role: 'idle', from: `${info}PONG\r\nPING\r\n`, said: ['ready'], written: 'PONG\r\n' },
  {
    name: 'a reply with a number in the stream accepts one message',
    role: 'send',
    from: `PONG\r\nMSG _INBOX.r1 1 28\r\n{"stream":"r2", "seq":12345}\r\nMSG _INBOX.r1 1 24\r\n{"stream":"r2", "seq":2}\r\n`,
    said: ['ready', 'acked', 'acked'],
    written: '',
  },
  {
    name: 'a reply with an error fails',
    role: 'send',
    from: 'PONG\r\nMSG _INBOX.r1 1 26\r\n{"error":{"code":503,"x"}}\r\n',
    said: ['ready', 'failed nats: {"error":{"code":503,"x"}}'],
    written: '',
  },
  {
    name: 'a body may hold what looks like the protocol',
    role: 'receive',
    from: 'PONG\r\nMSG to.r1 1 $JS.ACK.r1.client.1.1.1.1.0 9\r\nPING\r\nMSG\r\n',
    said: ['ready', 'received PING\r\nMSG'],
    written: '',
  },
  {
    name: 'somebody is enrolled when the stream and the consumer are there',
    role: 'enrol',
    from: 'MSG _INBOX.r1 1 12\r\n{"type":"s"}\r\nMSG _INBOX.r1 1 12\r\n{"type":"c"}\r\nPONG\r\n',
    said: ['ready'],
    written: '',
  },
  {
    name: '-ERR fails',
    role: 'send',
    from: "-ERR 'Authorization Violation'\r\n",
    said: ["failed nats: -ERR 'Authorization Violation'"],
    written: '',
  },
];

describe('NATS from a server', () => {
  test.each(cases)('$name, however it is split', (each) => {
    for (const { said, written } of runSplit(nats, each)) {
      expect(said).toEqual(each.said);
      expect(written).toBe(each.written);
    }
  });
});

test('everything that came is acknowledged at once, at the subject of the last message', () => {
  const recorded = new RecordedConnection(nats, 'receive');
  recorded.push(Buffer.from('MSG to.r1 1 $JS.ACK.1 1\r\na\r\nMSG to.r1 1 $JS.ACK.22 1\r\nb\r\n'));
  recorded.connection.writeAcks(recorded.out);
  expect(recorded.written()).toBe('PUB $JS.ACK.22 0\r\n\r\n');
});

test('a message is published with the inbox of its sender and the length of its body', () => {
  const recorded = new RecordedConnection(nats, 'send', 's1');
  for (const body of ['hello', 'hi', 'ho'])
    recorded.connection.writeSend(recorded.out, nats.address('r2'), Buffer.from(body));
  expect(recorded.written()).toBe(
    'PUB to.r2 _INBOX.s1 5\r\nhello\r\nPUB to.r2 _INBOX.s1 2\r\nhi\r\nPUB to.r2 _INBOX.s1 2\r\nho\r\n',
  );
});
