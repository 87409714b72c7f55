/** Two people in two terminals, as the README shows it. */

import { describeWith } from '../harness/installed';
import { ServerProcess } from '../harness/server-process';
import { npmRunClient, Terminal } from '../harness/terminal';

/** A screen without the clock's times, which stand at the start of messages. */
function withoutTimes(screen: string): string {
  return screen.replace(/^\d\d:\d\d /gm, 'TIME ');
}

/** The screen's lines from the first that holds `start` on. */
function from(screen: string, start: string): string[] {
  const lines = withoutTimes(screen).split('\n');
  return lines.slice(lines.findIndex((line) => line.includes(start)));
}

describeWith('tmux', 'apt-get install tmux', 'two terminal clients', () => {
  let server: ServerProcess;
  const terminals: Terminal[] = [];

  async function client(afterwards = ''): Promise<Terminal> {
    const command = `XDG_STATE_HOME=${server.folder} ${npmRunClient} -- --port ${server.port}`;
    const terminal = new Terminal(`${command}${afterwards}`);
    terminals.push(terminal);
    await terminal.shows('chateau>');
    return terminal;
  }

  /** A client with a new account, in a terminal that shows the client's exit status and stays. */
  async function loggedInAndThenStatus(username: string): Promise<Terminal> {
    const terminal = await client('; echo status $?; cat');
    terminal.enter(`create ${username} secret`);
    await terminal.shows(`${username} is made`);
    terminal.enter(`login ${username} secret`);
    await terminal.shows(`${username}>`);
    return terminal;
  }

  beforeAll(async () => {
    server = await ServerProcess.start();
  });
  afterAll(async () => {
    for (const terminal of terminals) terminal.close();
    await server.stop();
  });

  test('who was away finds the messages at the next login, and then they chat', async () => {
    const alice = await client();
    alice.enter('create alice secret');
    await alice.shows('alice is made');
    alice.enter('create bob secret');
    await alice.shows('bob is made');
    alice.enter('login alice secret');
    await alice.shows('alice>');
    alice.enter('send bob hello');
    await alice.shows('✓ bob – away');
    alice.enter('send bob two, in a row');
    await alice.shows(/– away[\s\S]*– away/);

    const bob = await client();
    bob.enter('login bob secret');
    await bob.shows('two, in a row');
    // In the place of the line that said that he was away.
    const sent = await alice.shows(/✓✓ bob \(2 messages\)\nalice>$/);
    expect(from(sent, 'send bob hello')).toEqual([
      'alice> send bob hello',
      '✓ bob – away',
      'alice> send bob two, in a row',
      '✓✓ bob (2 messages)',
      'alice>',
    ]);
    bob.enter('send alice hi');
    await bob.shows('✓✓ alice');
    await alice.shows('bob: hi');
    alice.enter('send bob are you there?');
    const screen = await bob.shows(/are you there\?\nbob>$/);

    expect(from(screen, 'login bob')).toEqual([
      'chateau> login bob secret',
      '✓ logged in as bob',
      '· 2 messages while you were away',
      'TIME alice: hello',
      'TIME alice: two, in a row',
      'bob> send alice hi',
      '✓✓ alice',
      'TIME alice: are you there?',
      'bob>',
    ]);
  });

  test('a message that comes leaves a half-typed line as it is', async () => {
    const [alice, bob] = terminals as [Terminal, Terminal];
    bob.type('send alice a thought that is not');
    await bob.shows('that is not');
    alice.enter('send bob interrupting');
    const screen = await bob.shows(/interrupting\nbob> .*that is not$/);
    expect(from(screen, 'interrupting')).toEqual(['TIME alice: interrupting', 'bob> send alice a thought that is not']);
    bob.enter(' finished');
    await alice.shows('bob: a thought that is not finished');
    await bob.shows(/finished\n✓✓ alice/);
  });

  test('a server that goes and comes back is told, and what was typed meanwhile arrives', async () => {
    const [alice, bob] = terminals as [Terminal, Terminal];
    await server.kill();
    await alice.shows(/server gone, retrying/);
    await bob.shows(/server gone, retrying/);
    alice.enter('send bob said into the dark');
    await alice.shows('… bob – kept until the server is back');
    await server.restart();
    await alice.shows(/· back/);
    await bob.shows('alice: said into the dark');
    await alice.shows(/into the dark[\s\S]*✓✓ bob/);
  });

  test('what was typed when the client was killed arrives when it is started again', async () => {
    const [, bob] = terminals as [Terminal, Terminal];
    const carol = await client();
    carol.enter('create carol secret');
    await carol.shows('carol is made');
    carol.enter('login carol secret');
    await carol.shows('carol>');
    await server.kill();
    await carol.shows(/server gone, retrying/);
    carol.enter('send bob from before');
    await carol.shows('… bob – kept');
    // Its terminal is gone, and nobody lets it say goodbye.
    carol.close();
    await server.restart();
    const again = await client();
    again.enter('login carol secret');
    await again.shows('✓ bob: from before (kept from before)');
    await bob.shows('carol: from before');
    again.press('C-d');
    await again.ended();
  });

  test('Ctrl-C clears the line first and leaves on an empty one', async () => {
    const [alice] = terminals as [Terminal];
    alice.type('not to be sent');
    await alice.shows('not to be sent');
    alice.press('C-c');
    await alice.shows(/alice>\s*$/);
    alice.press('C-c');
    await alice.ended();
  });

  test('Ctrl-D leaves', async () => {
    const [, bob] = terminals as [Terminal, Terminal];
    bob.press('C-d');
    await bob.ended();
  });

  test('a login without a password asks for it and does not show it', async () => {
    const alice = await client();
    alice.enter('login alice');
    await alice.shows('password of alice:');
    alice.type('secrex');
    alice.press('BSpace');
    alice.enter('t');
    const screen = await alice.shows('logged in as alice');
    expect(screen).not.toContain('secre');
  });

  test('logout ends the client, with status 0', async () => {
    const dora = await loggedInAndThenStatus('dora');
    dora.enter('logout');
    expect(from(await dora.shows('status 0'), 'dora> logout')).toContain('✓ logged out');
  });

  test('delete account asks for the password, deletes what is logged in, and ends the client with status 0', async () => {
    const zoe = await loggedInAndThenStatus('zoe');
    zoe.enter('delete account');
    await zoe.shows('password of zoe:');
    zoe.enter('secret');
    const told = from(await zoe.shows('status 0'), 'zoe> delete account');
    expect(told).toContain('✓ account zoe is deleted');
    expect(told.join()).not.toContain('secret');
    const other = await client();
    other.enter('list zoe');
    await other.shows('no such account');
  });
});
