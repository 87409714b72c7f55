/** What the requests of the chatbot wire do, from its bytes to the store and back. */

import { ChatbotStage } from './chatbot-stage';
import { comesTrue } from './comes-true';

let stage: ChatbotStage;

beforeEach(async () => {
  stage = await ChatbotStage.open();
});
afterEach(() => stage.close());

describe('CREATE and LOGIN', () => {
  test('CREATE makes an account that has no password, and enters it', async () => {
    const alice = await stage.created('alice');
    expect(await alice.ask('SEND', 'alice', 'alice', 'me')).toBe('SEND alice|||alice|||me');
    expect(await alice.frame()).toBe('SEND alice|||alice|||me');
  });

  test.each(['', 'a b', '.a', 'a|||b', 'x'.repeat(33)])('CREATE of %j, which is no name, is an error', async (name) => {
    expect(await (await stage.connect()).ask('CREATE', name)).toMatch(/^RESPONSE a name is 1 to 32 letters/);
  });

  test('CREATE of a name that is taken or reserved is an error', async () => {
    await stage.created('alice');
    const other = await stage.connect();
    expect(await other.ask('CREATE', 'ALICE')).toBe('RESPONSE the name ALICE is taken');
    expect(await other.ask('CREATE', 'Server')).toBe('RESPONSE the name Server is reserved');
    expect(await other.ask('CREATE', 'bob')).toBe('RESPONSE');
  });

  test('LOGIN of nobody is an error', async () => {
    expect(await (await stage.connect()).ask('LOGIN', 'nobody')).toBe('RESPONSE no account nobody');
  });

  test('LOGIN of an account in use is an error, until its connection is gone', async () => {
    const alice = await stage.created('alice');
    const other = await stage.connect();
    expect(await other.ask('LOGIN', 'alice')).toBe('RESPONSE alice is logged in on another connection');
    await stage.leave(alice);
    expect(await other.ask('LOGIN', 'alice')).toBe('RESPONSE');
  });

  test('LOGIN of an account that has a password says that it has one', async () => {
    stage.world.account('carol');
    expect(await (await stage.connect()).ask('LOGIN', 'carol')).toBe(
      'RESPONSE this account has a password: it cannot be entered here',
    );
  });

  test('one who is logged in neither makes nor enters another account', async () => {
    const alice = await stage.created('alice');
    expect(await alice.ask('CREATE', 'bob')).toBe('RESPONSE this connection is logged in as alice');
    expect(await alice.ask('LOGIN', 'alice')).toBe('RESPONSE this connection is logged in as alice');
  });
});

describe('LIST', () => {
  beforeEach(async () => {
    for (const name of ['alice', 'Alan', 'bob', 'malice']) stage.world.account(name);
  });

  test.each([
    ['without a pattern', [], 'Alan|||alice|||bob|||malice'],
    ['of *', ['*'], 'Alan|||alice|||bob|||malice'],
    ['of a*', ['a*'], 'Alan|||alice'],
    ['of *lice', ['*lice'], 'alice|||malice'],
    ['of ?o?', ['?o?'], 'bob'],
    ['of a whole name, in any case', ['ALICE'], 'alice'],
  ])('%s answers with what it means, logged in or not', async (_name, strings, expected) => {
    const client = await stage.connect();
    expect(await client.ask('LIST', ...strings)).toBe(`LISTRESPONSE ${expected}`);
    stage.world.account('zoe');
    expect(await client.ask('LIST', 'zoe')).toBe('LISTRESPONSE zoe');
  });

  test.each(['lice', 'nobody', '?', '|||'])('of %j, which is nobody, is empty', async (pattern) => {
    expect(await (await stage.connect()).ask('LIST', pattern)).toBe('LISTRESPONSE');
  });

  test('answers with more names than a page of the store has', async () => {
    const names = Array.from({ length: 2_500 }, (_, index) => `user${String(index).padStart(4, '0')}`);
    for (const name of names) stage.world.account(name);
    expect(await (await stage.connect()).ask('LIST', 'user*')).toBe(`LISTRESPONSE ${names.join('|||')}`);
  });

  test('tells of a store that cannot be read', async () => {
    const client = await stage.connect();
    stage.world.store.failNextRead('list');
    expect(await client.ask('LIST')).toBe('RESPONSE the store failed; try again');
    expect(await client.ask('LIST', 'bob')).toBe('LISTRESPONSE bob');
  });
});

describe('SEND', () => {
  test('goes to one who is there at once, and is echoed', async () => {
    const [alice, bob] = [await stage.created('alice'), await stage.created('bob')];
    expect(await alice.ask('SEND', 'alice', 'bob', 'hi|||you')).toBe('SEND alice|||bob|||hi???you');
    expect(await bob.frame()).toBe('SEND alice|||bob|||hi???you');
  });

  test('arrives from the name as it was created, and is echoed with the names as they came', async () => {
    const [alice, bob] = [await stage.created('Alice'), await stage.created('Bob')];
    expect(await alice.ask('SEND', 'ALICE', 'bob', 'hi')).toBe('SEND ALICE|||bob|||hi');
    expect(await bob.frame()).toBe('SEND Alice|||Bob|||hi');
  });

  test('is echoed after it is stored, and not before, and so is what was asked after it', async () => {
    const [alice, bob] = [await stage.created('alice'), await stage.created('bob')];
    stage.world.store.autoCommit = false;
    alice.send('SEND', 'alice', 'bob', 'one');
    alice.send('LIST', 'nobody');
    await comesTrue(() => stage.world.store.gatheringCount === 1);
    for (const client of [bob, bob, bob]) await client.expectSilence();
    expect(alice.bytes.waitingBytes).toBe(0);
    stage.world.store.commit();
    expect(await alice.frames(2)).toEqual(['SEND alice|||bob|||one', 'LISTRESPONSE']);
    expect(await bob.frame()).toBe('SEND alice|||bob|||one');
  });

  test('that was not stored is an error', async () => {
    const alice = await stage.created('alice');
    stage.world.store.failNextCommit();
    expect(await alice.ask('SEND', 'alice', 'alice', 'one')).toBe('RESPONSE the store failed; try again');
  });

  test.each([
    ['without a login', ['a', 'b', 'c'], 'log in first'],
    ['of fewer strings', ['a', 'b'], 'an argument is missing: sender, recipient and message'],
  ])('%s is an error', async (_name, strings, text) => {
    expect(await (await stage.connect()).ask('SEND', ...strings)).toBe(`RESPONSE ${text}`);
  });

  test.each([
    ['under another name', ['bob', 'alice', 'hi'], 'this connection is logged in as alice'],
    ['under no name', ['', 'alice', 'hi'], 'this connection is logged in as alice'],
    ['to nobody', ['alice', 'nobody', 'hi'], 'no account or room nobody'],
    ['to a room that is not there', ['alice', '#nowhere', 'hi'], 'no account or room #nowhere'],
    ['of nothing', ['alice', 'alice', ''], 'a message must not be empty'],
    ['of NUL', ['alice', 'alice', 'a\0b'], 'a message must not hold NUL'],
    ['of what is not ASCII', ['alice', 'alice', '\u00e9'], 'text on this wire is ASCII'],
  ])('%s is an error', async (_name, strings, text) => {
    const alice = await stage.created('alice');
    expect(await alice.ask('SEND', ...strings)).toBe(`RESPONSE ${text}`);
  });

  test('of the longest message arrives whole, and of a longer one is an error', async () => {
    const alice = await stage.created('alice');
    const longest = 'x'.repeat(65_536);
    expect(await alice.ask('SEND', 'alice', 'alice', longest)).toBe(`SEND alice|||alice|||${longest}`);
    expect(await alice.frame()).toBe(`SEND alice|||alice|||${longest}`);
    expect(await alice.ask('SEND', 'alice', 'alice', `${longest}x`)).toBe('RESPONSE a message is at most 65536 bytes');
    await alice.expectSilence();
  });

  test('three thousand at once, more than may wait for the disk, are answered in order, refusals and other requests among them', async () => {
    const [alice] = [await stage.created('alice'), await stage.created('bob')];
    const numbers = Array.from({ length: 3_000 }, (_, index) => index);
    const expected = numbers.map((number) => {
      if (number % 100 === 99) return 'LISTRESPONSE alice';
      return number % 10 === 9 ? 'RESPONSE no account or room nobody' : `SEND alice|||bob|||${number}`;
    });
    for (const number of numbers) {
      if (number % 100 === 99) alice.send('LIST', 'alice');
      else alice.send('SEND', 'alice', number % 10 === 9 ? 'nobody' : 'bob', `${number}`);
    }
    expect(await alice.frames(3_000)).toEqual(expected);
  });
});

describe('DELIVER', () => {
  async function mailFor(name: string, ...texts: string[]): Promise<void> {
    const sender = await stage.created('sender');
    for (const text of texts) await sender.ask('SEND', 'sender', name, text);
    await stage.leave(sender);
  }

  test('writes what came while nobody was logged in, once, which the login does not', async () => {
    await stage.leave(await stage.created('alice'));
    await mailFor('alice', 'one', 'two');
    const alice = await stage.entered('alice');
    await alice.expectSilence();
    alice.send('DELIVER');
    expect(await alice.frames(2)).toEqual(['SEND sender|||alice|||one', 'SEND sender|||alice|||two']);
    alice.send('DELIVER');
    await alice.expectSilence();
    await stage.leave(alice);
    const again = await stage.entered('alice');
    again.send('DELIVER');
    await again.expectSilence();
  });

  test('what is live comes before it, and not again with it', async () => {
    await stage.leave(await stage.created('alice'));
    await mailFor('alice', 'old');
    const alice = await stage.entered('alice');
    const bob = await stage.created('bob');
    await bob.ask('SEND', 'bob', 'alice', 'new');
    expect(await alice.frame()).toBe('SEND bob|||alice|||new');
    expect(await alice.ask('DELIVER')).toBe('SEND sender|||alice|||old');
    await alice.expectSilence();
  });

  test('what was live before it does not make up for it: the next login finds what is missing', async () => {
    await stage.leave(await stage.created('alice'));
    await mailFor('alice', 'old');
    const alice = await stage.entered('alice');
    const bob = await stage.created('bob');
    await bob.ask('SEND', 'bob', 'alice', 'new');
    await alice.frame();
    await stage.leave(alice);
    const again = await stage.entered('alice');
    expect(await again.ask('DELIVER')).toBe('SEND sender|||alice|||old');
  });

  test('without a login is an error', async () => {
    expect(await (await stage.connect()).ask('DELIVER')).toBe('RESPONSE log in first');
  });

  test('tells of a store that cannot be read, and goes on', async () => {
    const alice = await stage.created('alice');
    stage.world.store.failNextRead('backlog');
    expect(await alice.ask('DELIVER')).toBe('RESPONSE the store failed; try again');
    await alice.ask('SEND', 'alice', 'alice', 'hi');
    expect(await alice.frame()).toBe('SEND alice|||alice|||hi');
  });
});

describe('DELETE', () => {
  test('removes the account and answers nothing', async () => {
    const alice = await stage.created('alice');
    alice.send('DELETE');
    await alice.expectSilence();
    expect(await alice.ask('SEND', 'alice', 'alice', 'hi')).toBe('RESPONSE log in first');
    expect(await (await stage.connect()).ask('LOGIN', 'alice')).toBe('RESPONSE no account alice');
  });

  test('a client that closes right after it has deleted the account', async () => {
    const alice = await stage.created('alice');
    alice.send('DELETE');
    alice.bytes.endInput();
    expect(await alice.bytes.closed()).toEqual(Buffer.alloc(0));
    expect(await (await stage.connect()).ask('LIST', 'alice')).toBe('LISTRESPONSE');
  });

  test('waits for the sends before it', async () => {
    const [alice, bob] = [await stage.created('alice'), await stage.created('bob')];
    alice.send('SEND', 'alice', 'bob', 'farewell');
    alice.send('DELETE');
    expect(await alice.frame()).toBe('SEND alice|||bob|||farewell');
    expect(await bob.frame()).toBe('SEND alice|||bob|||farewell');
    await alice.expectSilence();
    expect(await bob.ask('LIST', 'alice')).toBe('LISTRESPONSE');
  });

  test('without a login is an error', async () => {
    expect(await (await stage.connect()).ask('DELETE')).toBe('RESPONSE log in first');
  });
});
