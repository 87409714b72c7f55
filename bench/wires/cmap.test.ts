import { cmap, cmapWithKeys, cmapWithReceipts } from './cmap';
import { RecordedConnection } from './recorded-connection';

test('a sender with keys asks for them, and each of its sends has one of its own before the body', () => {
  const written = ['s1', 's2'].map((name) => {
    const recorded = new RecordedConnection(cmapWithKeys, 'send', name);
    recorded.connection.begin(recorded.out);
    for (const body of ['hello', 'hello'])
      recorded.connection.writeSend(recorded.out, cmapWithKeys.address('r2'), Buffer.from(body));
    return recorded.written();
  });
  const sends = /^7 2 keys\n2 s[12] pw\n3 r2 ([!-~]{1,64}) hello\n3 r2 ([!-~]{1,64}) hello\n$/;
  const keys = written.flatMap((text) => sends.exec(text)?.slice(1) ?? []);
  expect(new Set(keys).size).toBe(4);
});

test('a sender without keys asks for nothing, and its sends have none', () => {
  const recorded = new RecordedConnection(cmap, 'send', 's1');
  recorded.connection.begin(recorded.out);
  recorded.connection.writeSend(recorded.out, cmap.address('r2'), Buffer.from('hello'));
  expect(recorded.written()).toBe('7 2\n2 s1 pw\n3 r2 hello\n');
});

test('a sender with receipts asks for them, and its sends are those of a sender without', () => {
  const recorded = new RecordedConnection(cmapWithReceipts, 'send', 's1');
  recorded.connection.begin(recorded.out);
  recorded.connection.writeSend(recorded.out, cmapWithReceipts.address('r2'), Buffer.from('hello'));
  expect(recorded.written()).toBe('7 2 receipts\n2 s1 pw\n3 r2 hello\n');
});
