import { RecordedConnection, runSplit, type WireCase } from './recorded-connection';
import { resp } from './resp';

const ask = (cursor: string): string =>
  `*8\r\n$5\r\nXREAD\r\n$5\r\nCOUNT\r\n$4\r\n1000\r\n$5\r\nBLOCK\r\n$1\r\n0\r\n$7\r\nSTREAMS\r\n$10\r\nmailbox:r1\r\n$${cursor.length}\r\n${cursor}\r\n`;
const entry = (id: string, body: string): string =>
  `*2\r\n$${id.length}\r\n${id}\r\n*2\r\n$1\r\nb\r\n$${body.length}\r\n${body}\r\n`;

const cases: readonly WireCase[] = [
  {
    name: 'a sender is ready when its password was right',
    role: 'send',
    from: '+OK\r\n+PONG\r\n',
    said: ['ready', 'ponged'],
    written: '',
  },
  {
    name: 'each id accepts one message',
    role: 'send',
    from: '+OK\r\n$3\r\n1-0\r\n$4\r\n12-3\r\n',
    said: ['ready', 'acked', 'acked'],
    written: '',
  },
  {
    name: 'a recipient without a cursor reads from the beginning',
    role: 'receive',
    from: '+OK\r\n$-1\r\n',
    said: ['ready'],
    written: ask('0-0'),
  },
  {
    name: 'a recipient reads on from its cursor, and bodies may hold what looks like the protocol',
    role: 'receive',
    from: `+OK\r\n$3\r\n7-0\r\n*1\r\n*2\r\n$10\r\nmailbox:r1\r\n*2\r\n${entry('8-0', '$5\r\n*')}${entry('8-1', '')}`,
    said: ['ready', 'received $5\r\n*', 'received '],
    written: ask('7-0'),
  },
  {
    name: 'a wait without an answer is asked again',
    role: 'idle',
    from: '+OK\r\n$-1\r\n*-1\r\n',
    said: ['ready'],
    written: ask('0-0') + ask('0-0'),
  },
  {
    name: 'an error fails',
    role: 'send',
    from: '-WRONGPASS invalid\r\n',
    said: ['failed redis: -WRONGPASS invalid'],
    written: '',
  },
];

describe('RESP from a server', () => {
  test.each(cases)('$name, however it is split', (each) => {
    for (const { said, written } of runSplit(resp, each)) {
      expect(said).toEqual(each.said);
      expect(written).toBe(each.written);
    }
  });
});

test('the cursor is stored, and the next entries are asked for, once the reply has come whole', () => {
  const recorded = reading();
  recorded.push(Buffer.from(`*1\r\n*2\r\n$10\r\nmailbox:r1\r\n*2\r\n${entry('1-0', 'a')}`));
  recorded.connection.writeAcks(recorded.out);
  expect(recorded.written()).toBe('');
  recorded.push(Buffer.from(entry('2-0', 'b')));
  recorded.connection.writeAcks(recorded.out);
  expect(recorded.written()).toBe(`*3\r\n$3\r\nSET\r\n$9\r\ncursor:r1\r\n$3\r\n2-0\r\n${ask('2-0')}`);
});

test('a recipient is answered its ping when its cursor is stored', () => {
  const recorded = reading();
  recorded.push(Buffer.from(`*1\r\n*2\r\n$10\r\nmailbox:r1\r\n*1\r\n${entry('1-0', 'a')}`));
  recorded.connection.writeAcks(recorded.out);
  recorded.connection.writePing(recorded.out);
  expect(recorded.said).not.toContain('ponged');
  recorded.push(Buffer.from('+OK\r\n'));
  expect(recorded.said.at(-1)).toBe('ponged');
});

test('a message is an XADD to the mailbox of its recipient', () => {
  const recorded = new RecordedConnection(resp, 'send', 's1');
  recorded.connection.writeSend(recorded.out, resp.address('r2'), Buffer.from('hello'));
  expect(recorded.written()).toBe('*5\r\n$4\r\nXADD\r\n$10\r\nmailbox:r2\r\n$1\r\n*\r\n$1\r\nb\r\n$5\r\nhello\r\n');
});

/** A recipient who has logged in and waits for entries. */
function reading(): RecordedConnection {
  const recorded = new RecordedConnection(resp, 'receive');
  recorded.push(Buffer.from('+OK\r\n$-1\r\n'));
  recorded.written();
  return recorded;
}
