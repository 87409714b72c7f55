import { ByteWriter, decodeText, encodeText } from '../../../../shared/bytes';
import { bounds } from '../../../../shared/limits';
import type { Account, Message } from '../../../core/ports';
import type { Connection } from '../../connection';
import { type BurstOf, ClassicOutlet } from './outlet';

const account = { id: 1, name: 'alice' } as unknown as Account;

/** An outlet, and what has left: `flush` is what a connection does at the end of a turn. */
function open(): { outlet: ClassicOutlet; written: () => string; flush: () => Buffer } {
  const out = new ByteWriter();
  const connection = { out, hasRoom: true, flushed: () => Promise.resolve(true) } as unknown as Connection;
  const outlet = new ClassicOutlet(connection, () => undefined);
  const flush = (): Buffer => {
    if (out.length > 0) outlet.beforeFlush();
    return Buffer.from(out.take());
  };
  return { outlet, written: () => decodeText(out.take()), flush };
}

function message(body: string): Message {
  return { from: 'bob', body: encodeText(body) } as unknown as Message;
}

test.each<[Exclude<BurstOf, 'delete'>, string]>([
  ['login', 'Login unsuccessful\r\n\r\n'],
  ['deliver', 'Please login to receive messages\r\n\r\n'],
])('a %s whose session is taken over before its burst has begun is answered once, as a failure', (of, answer) => {
  const { outlet, written } = open();
  outlet.expectBurst(of);
  outlet.ended();
  outlet.burstEnd();
  expect(written()).toBe(answer);
});

test('a burst whose session is taken over in its midst ends once', () => {
  const { outlet, written } = open();
  outlet.expectBurst('deliver');
  outlet.burst(account, 2);
  outlet.ended();
  outlet.burstEnd();
  expect(written()).toBe('\r\n\r\n');
});

test.each([false, true])(
  'a deletion that is taken over is not answered before its end (burst begun: %s)',
  async (hasBegun) => {
    const { outlet, written } = open();
    outlet.expectBurst('delete');
    if (hasBegun) outlet.burst(account, 0);
    await outlet.flushed();
    const before = written();
    outlet.ended();
    expect([before, written()]).toEqual([hasBegun ? 'Successfully deleted account\n' : '', '']);
  },
);

test('a session that is taken over between two requests says nothing', () => {
  const { outlet, written } = open();
  outlet.ended();
  expect(written()).toBe('');
});

describe('a burst', () => {
  const line = (body: string): string => `\nFrom bob: Message: ${body}\n`;

  test('of less than a page leaves in one write, though its messages come in several turns', () => {
    const { outlet, flush } = open();
    outlet.expectBurst('login');
    outlet.burst(account, 2);
    expect(flush().toString()).toBe('');
    outlet.message(message('one'));
    expect(flush().toString()).toBe('');
    outlet.message(message('two'));
    outlet.burstEnd();
    expect(flush().toString()).toBe(
      `Login successful\nAccount has undelivered messages: ${line('one')}${line('two')}\r\n\r\n`,
    );
  });

  test('lets everything that it holds leave with any write, since it counts as delivered then', () => {
    const { outlet, flush } = open();
    outlet.expectBurst('deliver');
    outlet.burst(account, 3);
    outlet.message(message('x'.repeat(bounds.pageBytesMax)));
    outlet.message(message('held'));
    const write = flush();
    expect(write.toString().trimEnd().endsWith('From bob: Message: held')).toBe(true);
  });

  test('that fails drops what has not left, and the next burst begins anew', () => {
    const { outlet, flush } = open();
    outlet.expectBurst('delete');
    outlet.burst(account, 2);
    outlet.message(message('one'));
    outlet.forgetBurst();
    expect(flush().toString()).toBe('');
    outlet.expectBurst('deliver');
    outlet.burst(account, 1);
    outlet.message(message('one'));
    outlet.burstEnd();
    expect(flush().toString()).toBe(`${line('one')}\r\n\r\n`);
  });

  test('of several writes fills each but the last, so that every read is whole characters, wherever reads begin', () => {
    const { outlet, flush } = open();
    outlet.expectBurst('login');
    const bodies = [...'é漢🦊'].flatMap((character) => [30_000, 20_001, 70].map((count) => character.repeat(count)));
    outlet.burst(account, bodies.length);
    const writes: Buffer[] = [];
    for (const body of bodies) {
      outlet.message(message(body));
      writes.push(flush());
    }
    outlet.burstEnd();
    writes.push(flush());
    const left = writes.filter((write) => write.length > 0);
    expect(left.length).toBeGreaterThan(3);
    for (const write of left.slice(0, -1)) expect(write.length % 1_024).toBe(0);
    const whole = Buffer.concat(left);
    const strict = new TextDecoder('utf-8', { fatal: true });
    let text = '';
    for (let at = 0; at < whole.length; at += 1_024) text += strict.decode(whole.subarray(at, at + 1_024));
    const spaceless = `Login successful\nAccount has undelivered messages: ${bodies.map(line).join('')}\r\n\r\n`;
    expect(text.replaceAll(' ', '')).toBe(spaceless.replaceAll(' ', ''));
  });

  test.each([1_018, 1_019, 1_020, 1_021, 1_022, 1_023, 1_024])(
    'of a deletion, %i bytes long, is not filled, and its end may come in a write of its own',
    async (burstBytes) => {
      const { outlet, flush } = open();
      outlet.expectBurst('delete');
      outlet.burst(account, 1);
      const head = `Successfully deleted account\nAccount had undelivered messages: \n`;
      const body = 'x'.repeat(burstBytes - head.length - line('').length);
      outlet.message(message(body));
      await outlet.flushed();
      const messages = flush();
      outlet.burstEnd();
      const whole = Buffer.concat([messages, flush()]);
      const lastRead = whole.subarray(Math.floor((whole.length - 1) / 1_024) * 1_024);
      expect(lastRead.subarray(-4).toString()).toBe('\r\n\r\n');
      expect(whole.toString()).toMatch(new RegExp(`^${head}\nFrom bob: Message: x+\n {0,3}\r\n\r\n$`));
    },
  );
});
