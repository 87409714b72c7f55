/** Two hundred people come to the nick room at the same moment, on a real store. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalBus } from '../../server/bus/local/local-bus';
import { systemChance } from '../../server/chance';
import { systemClock } from '../../server/clock';
import { type Chat, createChat } from '../../server/core/chat';
import type { Bus, Store } from '../../server/core/ports';
import { openNickroomListener } from '../../server/protocols/nickroom/listener';
import type { TcpListener } from '../../server/protocols/tcp-listener';
import { openSqliteStore } from '../../server/store/sqlite/store';
import { RecordingLogger } from '../harness/recording-logger';
import { TransparentHasher } from '../harness/transparent-hasher';
import { UnstalledTime } from '../harness/unstalled-time';
import { comesTrue } from './comes-true';
import { NickroomClient } from './nickroom-client';

const crowdSize = 200;
const historyMessages = 1_000;
/** The product promises a second. A machine that is slow or runs other tests beside this one may take ten, without the time
 *  in which it stalls. */
const joinMsMax = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'chateau-'));
const logger = new RecordingLogger();
let store: Store;
let bus: Bus;
let chat: Chat;
let listener: TcpListener;
let crowd: NickroomClient[] = [];

beforeEach(async () => {
  store = await openSqliteStore({
    path: join(folder, `${expect.getState().currentTestName?.replaceAll(/\W+/g, '-')}.db`),
    migrationsFolder: join(__dirname, '..', '..', 'migrations', 'sqlite'),
    mailboxMessagesMax: 100_000,
    logger,
  });
  bus = createLocalBus({ logger });
  chat = createChat(
    { store, bus, clock: systemClock, chance: systemChance, hasher: new TransparentHasher(), logger },
    { sessionsPerAccountMax: 1 },
  );
  listener = await openNickroomListener(chat, { host: '127.0.0.1', port: 0, connectionsMax: 1_000, historyMessages });
});
afterEach(async () => {
  for (const { bytes } of crowd.splice(0)) bytes.close();
  listener.destroy();
  await comesTrue(() => online().length === 0);
  await chat.close();
  await Promise.all([bus.close(), store.close()]);
  expect(logger.errors).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function online(): readonly string[] {
  return chat.accounts.who(undefined).names;
}

/** Everybody connects at once and chooses at once; gives the answers. */
async function arrive(nicknames: readonly string[]): Promise<string[]> {
  crowd = await Promise.all(nicknames.map(() => NickroomClient.connect(listener.port)));
  const time = new UnstalledTime();
  const answers = await Promise.all(crowd.map((client, index) => client.choose(nicknames[index] ?? '')));
  expect(time.stop()).toBeLessThan(joinMsMax);
  return answers;
}

function nicknames(stem: string): string[] {
  return Array.from({ length: crowdSize }, (_, index) => `${stem}${index}`);
}

test('all who choose different names at the same moment are READY, and all who choose one name but the first get RETRY', async () => {
  expect(await arrive(nicknames('guest'))).toEqual(new Array(crowdSize).fill('READY'));
  for (const { bytes } of crowd) bytes.cut();
  await comesTrue(() => online().length === 0);
  const answers = await arrive(new Array(crowdSize).fill('alice'));
  expect(answers.filter((answer) => answer === 'READY')).toHaveLength(1);
  expect(answers.filter((answer) => answer === 'RETRY')).toHaveLength(crowdSize - 1);
});

test('everybody sees every message of the others exactly once and in one order, history included', async () => {
  const early = await NickroomClient.join(listener.port, 'early');
  const earlier = Array.from({ length: 50 }, (_, index) => `early: before ${index}`);
  for (const each of earlier) early.say(each.slice('early: '.length));
  const watching = await NickroomClient.join(listener.port, 'watching');
  const watched: string[] = await watching.heardAll(earlier.length);
  expect(watched).toEqual(earlier);

  const names = nicknames('guest');
  expect(await arrive(names)).toEqual(new Array(crowdSize).fill('READY'));
  const perGuest = 3;
  for (let number = 0; number < perGuest; number += 1) for (const client of crowd) client.say(`${number}`);
  const all = [...earlier, ...(await watching.heardAll(crowdSize * perGuest))];
  const expected = names.flatMap((name) => Array.from({ length: perGuest }, (_, number) => `${name}: ${number}`));
  expect([...all].sort()).toEqual([...earlier, ...expected].sort());
  const heard = await Promise.all(crowd.map((client) => client.heardAll(all.length - perGuest)));
  for (const [index, messages] of heard.entries()) {
    expect(messages).toEqual(all.filter((message) => !message.startsWith(`${names[index]}: `)));
  }
  watching.say('end');
  expect(await Promise.all(crowd.map((client) => client.heard()))).toEqual(new Array(crowdSize).fill('watching: end'));
  for (const client of [early, watching]) client.bytes.close();
});

test('the names of a crowd whose connections are cut are free for the next one', async () => {
  for (const _ of [1, 2, 3]) {
    expect(await arrive(nicknames('guest'))).toEqual(new Array(crowdSize).fill('READY'));
    for (const { bytes } of crowd) bytes.cut();
    await comesTrue(() => online().length === 0);
  }
});
