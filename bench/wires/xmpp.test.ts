import { RecordedConnection, runSplit, type WireCase } from './recorded-connection';
import { xmpp } from './xmpp';

const stream =
  "<?xml version='1.0'?><stream:stream id='1' xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client'>";
const mechanisms = `${stream}<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>`;
const success = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const features = `${stream}<stream:features><bind xmlns='b'/><sm xmlns='urn:xmpp:sm:3'><optional/></sm></stream:features>`;
const bound = "<iq id='bind' type='result'><bind xmlns='b'><jid>r1@localhost/x</jid></bind></iq>";
const enabled = "<enabled xmlns='urn:xmpp:sm:3'/>";
const online = mechanisms + success + features + bound + enabled;

const open =
  "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
const login = [
  "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHIxAHB3</auth>",
  open,
  "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
  "<enable xmlns='urn:xmpp:sm:3'/>",
].join('');

const cases: readonly WireCase[] = [
  {
    name: 'a sender is ready when its acknowledgements are counted',
    role: 'send',
    from: online,
    said: ['ready'],
    written: login,
  },
  {
    name: 'a recipient is present, and receives bodies with whatever else is in the stanza',
    role: 'receive',
    from: `${online}<presence from='r1@localhost/x'/>\n<message to="r1@localhost" note='a>b'><body>hello</body><delay xmlns='urn:xmpp:delay'/></message>`,
    said: ['ready', 'received hello'],
    written: `${login}<presence/>`,
  },
  {
    name: 'a request is answered with the stanzas that have come',
    role: 'receive',
    from: `${online}<message><body xml:lang='en'>a</body></message><message><body>b</body></message><r xmlns='urn:xmpp:sm:3'/>`,
    said: ['ready', 'received a', 'received b'],
    written: `${login}<presence/><a xmlns='urn:xmpp:sm:3' h='2'/>`,
  },
  {
    name: 'a refused login fails',
    role: 'send',
    from: `${mechanisms}<failure xmlns='s'><not-authorized/></failure>`,
    said: ["failed xmpp: waiting for success: <failure xmlns='s'><not-authorized/></failure>"],
    written: login.slice(0, login.indexOf('<?xml')),
  },
  {
    name: 'a stanza that must not come fails',
    role: 'send',
    from: `${online}<stream:error><conflict/></stream:error>`,
    said: ['ready', 'failed xmpp: <stream:error><conflict/></stream:error>'],
    written: login,
  },
];

describe('XMPP from a server', () => {
  test.each(cases)('$name, however it is split', (each) => {
    for (const { said, written } of runSplit(xmpp, each)) {
      expect(said).toEqual(each.said);
      expect(written).toBe(each.written);
    }
  });
});

const request = "<r xmlns='urn:xmpp:sm:3'/>";
const message = "<message to='r2@localhost' type='chat'><body>hi</body></message>";

test('an acknowledgement is asked for after the first message, then when one came and more were sent', () => {
  const recorded = sender();
  send(recorded, 3);
  expect(recorded.written()).toBe(message + request + message + message);
  recorded.push(answer(1));
  expect(recorded.said).toEqual(['ready', 'acked']);
  expect(recorded.written()).toBe(request);
  recorded.push(answer(3));
  expect(recorded.said).toEqual(['ready', 'acked', 'acked', 'acked']);
  expect(recorded.written()).toBe('');
});

test('an acknowledgement is asked for after every 32nd message, however late the answers are', () => {
  const recorded = sender();
  send(recorded, 70);
  expect(recorded.written().split(request).length - 1).toBe(3);
});

test('a ping is answered by the answer to its own request, not by an earlier one', () => {
  const recorded = sender();
  send(recorded, 1);
  recorded.connection.writePing(recorded.out);
  recorded.push(answer(1));
  expect(recorded.said).not.toContain('ponged');
  recorded.push(answer(1));
  expect(recorded.said.at(-1)).toBe('ponged');
});

function sender(): RecordedConnection {
  const recorded = new RecordedConnection(xmpp, 'send', 's1');
  recorded.push(Buffer.from(online));
  recorded.written();
  return recorded;
}

function send({ connection, out }: RecordedConnection, count: number): void {
  for (let i = 0; i < count; i += 1) connection.writeSend(out, xmpp.address('r2'), Buffer.from('hi'));
}

function answer(h: number): Buffer {
  return Buffer.from(`<a xmlns='urn:xmpp:sm:3' h='${h}'/>`);
}
