import { mqtt } from './mqtt';
import { RecordedConnection, runSplit, type WireCase } from './recorded-connection';

const connack = '\x20\x02\x00\x00';
const suback = '\x90\x03\x00\x01\x01';

const cases: readonly WireCase[] = [
  { name: 'a sender is ready at CONNACK', role: 'send', from: connack, said: ['ready'], written: '' },
  {
    name: 'a recipient subscribes with QoS 1 and is ready at SUBACK',
    role: 'receive',
    from: connack + suback,
    said: ['ready'],
    written: '\x82\x0a\x00\x01\x00\x05to/r1\x01',
  },
  {
    name: 'PINGRESP answers a ping, and each PUBACK accepts one message',
    role: 'send',
    from: `${connack}\xd0\x00\x40\x02\x00\x01\x40\x02\x00\x02`,
    said: ['ready', 'ponged', 'acked', 'acked'],
    written: '',
  },
  {
    name: 'a message with QoS 1 is received and acknowledged with its packet id, one with QoS 0 only received',
    role: 'receive',
    from: '\x32\x0b\x00\x05to/r1\x12\x34hi\x3a\x09\x00\x05to/r1\x00\x07\x30\x0a\x00\x05to/r1yes',
    said: ['received hi', 'received ', 'received yes'],
    written: '\x40\x02\x12\x34\x40\x02\x00\x07',
  },
  {
    name: 'a remaining length of two bytes is read',
    role: 'receive',
    from: `\x32\xd1\x01\x00\x05to/r1\x00\x09${'x'.repeat(200)}`,
    said: [`received ${'x'.repeat(200)}`],
    written: '\x40\x02\x00\x09',
  },
  {
    name: 'a refused login fails with its code',
    role: 'send',
    from: '\x20\x02\x00\x05',
    said: ['failed mqtt: CONNACK 5'],
    written: '',
  },
];

describe('MQTT from a server', () => {
  test.each(cases)('$name, however it is split', (each) => {
    for (const { said, written } of runSplit(mqtt, each)) {
      expect(said).toEqual(each.said);
      expect(written).toBe(each.written);
    }
  });
});

test('CONNECT keeps the session of a recipient and not that of a sender', () => {
  const opened = (['receive', 'send'] as const).map((role) => {
    const recorded = new RecordedConnection(mqtt, role);
    recorded.connection.begin(recorded.out);
    return recorded.written();
  });
  expect(opened).toEqual([
    '\x10\x16\x00\x04MQTT\x04\xc0\x00\x00\x00\x02r1\x00\x02r1\x00\x02pw',
    '\x10\x16\x00\x04MQTT\x04\xc2\x00\x00\x00\x02r1\x00\x02r1\x00\x02pw',
  ]);
});

test('PUBLISH carries the topic of the recipient, and packet ids go round from 1 to 65535', () => {
  const { connection, out, written } = sender();
  const to = mqtt.address('r2');
  connection.writeSend(out, to, Buffer.from('hi'));
  expect(written()).toBe('\x32\x0b\x00\x05to/r2\x00\x01hi');
  for (let id = 2; id <= 65_535; id += 1) connection.writeSend(out, to, Buffer.from('hi'));
  expect(written().slice(-13)).toBe('\x32\x0b\x00\x05to/r2\xff\xffhi');
  connection.writeSend(out, to, Buffer.alloc(200, 'x'));
  expect(written()).toBe(`\x32\xd1\x01\x00\x05to/r2\x00\x01${'x'.repeat(200)}`);
});

function sender() {
  const recorded = new RecordedConnection(mqtt, 'send', 's1');
  return { connection: recorded.connection, out: recorded.out, written: () => recorded.written() };
}
