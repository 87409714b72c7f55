/** What WebSocket clients have asked for when they are gone. */

import { wireBounds } from '../../server/protocols/chateau/limits';
import { quiet } from '../harness/quiet';
import { ChateauStage, type Peer } from './chateau-stage';

let stage: ChateauStage;

beforeEach(async () => {
  stage = await ChateauStage.open();
});
afterEach(() => stage.close());

describe('who asks and closes at once', () => {
  const toBob = [
    { type: 'SingleMessageRequest', recipient: 'bob', content: 'one' },
    { type: 3, clients: ['bob'], content: 'two' },
    { type: 'GroupMessageInitRequest', chatname: 'my friends', recipients: ['bob'], content: 'three' },
    { type: 'RandomMessageRequest', content: 'four' },
  ];

  /** The client has gone, and the server knows, before the store answers. */
  async function goBeforeStore(client: Peer, frames: readonly object[]): Promise<void> {
    const { store } = stage.world;
    store.gate('find').close();
    store.autoCommit = false;
    for (const frame of frames) client.send(frame);
    client.socket.close();
    await client.closed();
    await quiet();
    store.gate('find').open();
    store.autoCommit = true;
    store.commit();
  }

  test.each([
    ['as a guest', undefined],
    ['with a password', 'pw'],
  ])('and registers right before that %s has it carried out, and leaves the name free', async (_, password) => {
    const bob = await stage.register('bob');
    await goBeforeStore(await stage.connect(), [{ type: 'RegisterRequest', username: 'alice', password }, ...toBob]);
    expect((await bob.take(4)).map(({ content }) => content)).toEqual(['one', 'two', 'three', 'four']);
    await stage.register('alice', password);
  });

  test.each(toBob)('has it carried out: $type', async (frame) => {
    const bob = await stage.register('bob');
    await goBeforeStore(await stage.register('alice'), [frame]);
    expect(await bob.next()).toMatchObject({ sender: 'alice', content: frame.content });
  });

  test('and only registers is nobody', async () => {
    await goBeforeStore(await stage.connect(), [{ type: 'RegisterRequest', username: 'alice' }]);
    await quiet();
    await stage.register('alice');
  });

  test('and has a long way to go through what is undelivered gets there, and all of that comes at the next login', async () => {
    const alice = await stage.register('alice', 'pw');
    alice.socket.close();
    await alice.closed();
    const bob = await stage.register('bob');
    const count = 120;
    for (let id = 1; id <= count; id += 1) {
      bob.send({ type: 'SingleMessageRequest', recipient: 'alice', content: `${id} ${'x'.repeat(10_000)}` });
    }
    await bob.take(count);
    const login = { type: 'LoginRequest', username: 'alice', password: 'pw', ack: true, takeover: true };
    const client = await stage.connect();
    client.send(login);
    client.send({ type: 'SingleMessageRequest', recipient: 'bob', content: 'hi' });
    client.socket.close();
    expect(await bob.next()).toMatchObject({ sender: 'alice', content: 'hi' });
    const again = await stage.connect();
    expect(await again.ask(login)).toMatchObject({ undelivered: count });
  });

  test('and acknowledges everything right behind its login has acknowledged nothing, as it got nothing', async () => {
    const bob = await stage.register('bob', 'pw');
    const alice = await stage.register('alice', 'pw');
    alice.socket.close();
    await alice.closed();
    for (const content of ['one', 'two', 'three']) {
      await bob.ask({ type: 'SingleMessageRequest', recipient: 'alice', content });
    }
    const login = { type: 'LoginRequest', username: 'alice', password: 'pw', ack: true };
    await goBeforeStore(await stage.connect(), [login, { type: 'Ack', log: 'alice', seq: 99 }, toBob[0] as object]);
    expect(await bob.next()).toMatchObject({ sender: 'alice', content: 'one' });
    await quiet();
    expect(await (await stage.connect()).ask(login)).toMatchObject({ undelivered: 3 });
  });

  test('with a frame that is too long has nothing behind it carried out', async () => {
    const bob = await stage.register('bob', 'pw');
    const login = { type: 'LoginRequest', username: 'nobody', password: 'pw' };
    const tooLong = { type: 'WhoRequest', pattern: 'x'.repeat(wireBounds.strangerFrameBytesMax) };
    await goBeforeStore(await stage.connect(), [
      login,
      tooLong,
      { type: 'RegisterRequest', username: 'alice' },
      ...toBob,
    ]);
    await quiet();
    await bob.expectSilence();
  });
});
