/** Connections of the chatbot wire: bytes that cannot be read, readers that do not read, and ends of every kind. */

import { bounds } from '../../shared/limits';
import { quiet } from '../harness/quiet';
import { RecordingOutlet } from '../harness/recording-outlet';
import { loginOptions } from '../harness/world';
import { type ChatbotClient, frameOf, opcodes } from './chatbot-client';
import { ChatbotStage, connectionsMax } from './chatbot-stage';
import { comesTrue } from './comes-true';

let stage: ChatbotStage;

beforeEach(async () => {
  stage = await ChatbotStage.open();
});
afterEach(() => stage.close());

describe('what cannot be read', () => {
  /** The one RESPONSE that comes before the connection is closed. */
  async function lastWords(client: ChatbotClient, bytes: Uint8Array): Promise<string> {
    client.bytes.send(bytes);
    const words = await client.frame();
    expect(await client.bytes.closed()).toEqual(Buffer.alloc(0));
    return words;
  }

  test.each([
    ['another version', Buffer.from([1, 0]), 'this is version 0, and no other is spoken here'],
    ['an unknown command', Buffer.from([0, 9]), 'no command 9'],
    ['a RESPONSE', Buffer.from([0, 6]), 'no command 6'],
    [
      'a length over the limit before login',
      frameOf(opcodes.LIST, 'x'.repeat(1_025)),
      'this frame is longer than it may be',
    ],
  ])('%s is told, and the connection closed', async (_name, bytes, text) => {
    expect(await lastWords(await stage.connect(), bytes)).toBe(`RESPONSE ${text}`);
  });

  test('a length over the limit is told after the answers that are due, before its data has come', async () => {
    const [alice] = [await stage.created('alice'), await stage.created('bob')];
    alice.send('SEND', 'alice', 'bob', 'hi');
    const header = Buffer.alloc(42);
    header[2] = 1;
    alice.bytes.send(header);
    expect(await alice.frames(2)).toEqual(['SEND alice|||bob|||hi', 'RESPONSE this frame is longer than it may be']);
    expect(await alice.bytes.closed()).toEqual(Buffer.alloc(0));
  });

  test('frames in fragments of any size are read', async () => {
    const client = await stage.connect();
    const bytes = Buffer.concat([
      frameOf(opcodes.CREATE, 'alice'),
      frameOf(opcodes.SEND, 'alice|||alice|||hi'),
      frameOf(opcodes.LIST, ''),
    ]);
    for (const byte of bytes) await client.bytes.sendNow(Uint8Array.of(byte));
    expect(await client.frames(4)).toEqual([
      'RESPONSE',
      'SEND alice|||alice|||hi',
      'SEND alice|||alice|||hi',
      'LISTRESPONSE alice',
    ]);
  });

  test('requests in one piece are carried out one after the other', async () => {
    const client = await stage.connect();
    const requests = [frameOf(opcodes.CREATE, 'alice'), frameOf(opcodes.DELETE, ''), frameOf(opcodes.CREATE, 'alice')];
    client.bytes.send(Buffer.concat([...requests, frameOf(opcodes.SEND, `alice|||bob|||${'x'.repeat(5_000)}`)]));
    client.bytes.endInput();
    expect(await client.frames(3)).toEqual(['RESPONSE', 'RESPONSE', 'RESPONSE no account or room bob']);
    expect(await client.bytes.closed()).toEqual(Buffer.alloc(0));
  });
});

describe('connections', () => {
  test('one too many is told so', async () => {
    for (let count = 0; count < connectionsMax; count += 1) await stage.connect();
    const late = await stage.connect();
    expect(await late.frame()).toBe('RESPONSE too many connections');
    expect(await late.bytes.closed()).toEqual(Buffer.alloc(0));
  });

  test('one that is silent and not logged in is told and closed, one that is logged in stays', async () => {
    const [alice, stranger] = [await stage.created('alice'), await stage.connect()];
    await stranger.expectSilence();
    stage.world.clock.advance(bounds.idleTimeoutMs);
    expect(await stranger.frame()).toBe('RESPONSE idle');
    expect(await stranger.bytes.closed()).toEqual(Buffer.alloc(0));
    await alice.expectSilence();
  });

  test('the server closes when what was asked is answered', async () => {
    const alice = await stage.created('alice');
    stage.world.store.autoCommit = false;
    alice.send('SEND', 'alice', 'alice', 'last');
    await comesTrue(() => stage.world.store.gatheringCount === 1);
    const closing = stage.listener.close();
    stage.world.clock.advance(bounds.closingMs - bounds.finishingMs);
    await quiet();
    stage.world.store.commit();
    expect(await alice.frame()).toBe('SEND alice|||alice|||last');
    expect(await alice.bytes.closed()).toEqual(Buffer.alloc(0));
    await closing;
  });

  test('one that asks and does not read is not read from, until it reads: then it gets every answer', async () => {
    for (let count = 0; count < 1_000; count += 1) stage.world.account(`${'x'.repeat(28)}${count}`);
    const [greedy, other] = [await stage.connect(), await stage.connect()];
    greedy.bytes.pause();
    const count = 1_000;
    for (let asked = 0; asked < count; asked += 1) greedy.send('LIST');
    let before = -1;
    while (stage.world.store.readCount('list') > before) {
      before = stage.world.store.readCount('list');
      for (const client of [other, other, other]) expect(await client.ask('LIST', 'nobody')).toBe('LISTRESPONSE');
      before += 3;
    }
    expect(stage.world.store.readCount('list')).toBeLessThan(count);
    greedy.bytes.resume();
    const answers = new Set(await greedy.frames(count));
    expect([...answers].map((answer) => answer.split('|||').length)).toEqual([1_000]);
  });

  test('a reader that does not read gets everything in order once it reads', async () => {
    const alice = await stage.created('alice');
    const sender = await stage.created('sender');
    alice.bytes.pause();
    const message = 'x'.repeat(60_000);
    const count = 200;
    for (let sent = 0; sent < count; sent += 1) await sender.ask('SEND', 'sender', 'alice', `${sent}${message}`);
    alice.bytes.resume();
    const expected = Array.from({ length: count }, (_, index) => `SEND sender|||alice|||${index}`);
    expect((await alice.frames(count)).map((frame) => frame.slice(0, -message.length))).toEqual(expected);
  });

  test('who is taken over from elsewhere is told and closed', async () => {
    const alice = await stage.created('alice');
    const outlet = new RecordingOutlet();
    await stage.world.chat.accounts.loginOpen({ ...loginOptions('alice', outlet), takeover: true });
    expect(await alice.frame()).toBe('RESPONSE taken over');
    expect(await alice.bytes.closed()).toEqual(Buffer.alloc(0));
  });
});
