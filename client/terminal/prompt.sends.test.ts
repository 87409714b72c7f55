import { turn } from '../core/fake-clock';
import { MemoryJournals } from '../core/memory-journal';
import { logIn, takeSeat } from './prompt-seat';

test('what becomes of a message is told: stored for somebody who is away, and delivered when it is', async () => {
  const seat = await takeSeat();
  const { server, clock } = seat.scene;
  await logIn(seat);
  await seat.type('send bob one\rsend bob two\rsend carol live\r');
  await server.latest.say(['202 1 queued', '202 2 queued', '200 1 live', '! 250 carol 1']);
  await clock.advance(50);
  expect(seat.shown()).toEqual(['✓ bob (2 messages) – away', '✓✓ carol']);
  await server.latest.say(['! 250 bob 1', '! 250 bob 2']);
  await clock.advance(50);
  expect(seat.shown()).toEqual(['✓✓ bob (2 messages)']);
});

test('a message drawn for somebody is followed to them, and a refusal says why', async () => {
  const seat = await takeSeat();
  const { server, clock } = seat.scene;
  await logIn(seat);
  await seat.type('random hello\rsend nobody hi\r');
  await server.latest.say(['200 4 dave', '404 no account or room nobody', '! 250 dave 4']);
  await clock.advance(200);
  expect(seat.shown()).toEqual(['✗ no account or room nobody', '✓✓ dave']);
});

test('a server that goes and comes back is told of once, and what is sent meanwhile is kept', async () => {
  const seat = await takeSeat();
  const { server, clock } = seat.scene;
  await logIn(seat);
  // The scene was online before the prompt was there to hear of it.
  await server.latest.drop('gone');
  await server.nextAttempt(clock);
  await server.latest.drop('gone');
  await seat.type('send bob later\r');
  await server.nextAttempt(clock);
  await server.latest.greet();
  await server.latest.say(['200 alice 0', '']);
  await server.latest.say(['202 3 queued']);
  await clock.advance(50);
  expect(seat.shown()).toEqual([
    '✗ no server: gone',
    '… bob – kept until the server is back',
    '· back',
    '✓ bob – away',
  ]);
  await server.latest.drop('gone again');
  expect(seat.shown()).toEqual(['· server gone, retrying (gone again)']);
  expect(seat.line.getPrompt()).toBe('alice (offline)> ');
});

test('what an earlier session has left is told with its text, and followed to its recipient', async () => {
  const journals = new MemoryJournals();
  journals.leave('alice', { key: 'old-1', to: 'bob', body: `hi\n${'x'.repeat(60)}` });
  journals.leave('alice', { key: 'old-2', to: 'nobody', body: 'you' });
  const seat = await takeSeat([], { journal: journals.open });
  const { server, clock } = seat.scene;
  await seat.type('login alice pw\r');
  await server.latest.say(['200 alice 0', '']);
  await server.latest.say(['202 9 queued', '404 no account or room nobody', '! 250 bob 9']);
  await clock.advance(50);
  expect(seat.shown()).toEqual([
    '✓ logged in as alice',
    `✓ bob: hi ${'x'.repeat(37)}… (kept from before)`,
    '✗ nobody: you (kept from before): no account or room nobody',
    '✓✓ bob',
  ]);
});

test('a journal that cannot be written is told once, and a message that is left in one is no failure', async () => {
  const journals = new MemoryJournals();
  const seat = await takeSeat([], { journal: journals.open });
  await logIn(seat);
  await seat.scene.server.latest.drop('gone');
  await seat.type('send bob kept\r');
  journals.unwritable = 'no space left';
  await seat.type('send bob lost\rsend bob lost too\r');
  await seat.scene.client.close();
  await turn();
  expect(seat.shown().filter((line) => !line.startsWith('…'))).toEqual([
    '✗ no server: gone',
    '✗ unsent messages would not survive a crash of this client (no space left)',
    '· the client was closed; the message is kept, and sent at the next login',
    '✗ the client was closed',
    '✗ the client was closed',
  ]);
});
