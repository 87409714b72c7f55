import { ByteWriter, decodeText } from '../../../../shared/bytes';
import type { Account } from '../../../core/ports';
import type { Connection } from '../../connection';
import { type BurstOf, ClassicOutlet } from './outlet';

const account = { id: 1, name: 'alice' } as unknown as Account;

/** An outlet, and what it has written. */
function open(): { outlet: ClassicOutlet; written: () => string } {
  const out = new ByteWriter();
  const connection = { out, hasRoom: true } as unknown as Connection;
  return { outlet: new ClassicOutlet(connection, () => undefined), written: () => decodeText(out.take()) };
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
  (hasBegun) => {
    const { outlet, written } = open();
    outlet.expectBurst('delete');
    if (hasBegun) outlet.burst(account, 0);
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
