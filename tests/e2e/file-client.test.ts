/** The file-driven client in a terminal. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith } from '../harness/installed';
import { ServerProcess } from '../harness/server-process';
import { npmRunClient, Terminal } from '../harness/terminal';

describeWith('tmux', 'apt-get install tmux', 'the file-driven client in a terminal', () => {
  let server: ServerProcess;
  const terminals: Terminal[] = [];

  beforeAll(async () => {
    server = await ServerProcess.start();
  });
  afterAll(async () => {
    for (const terminal of terminals) terminal.close();
    await server.stop();
  });

  /** A client that is registered under this name. */
  async function registered(username: string): Promise<Terminal> {
    const path = join(server.folder, `${username}.json`);
    writeFileSync(path, JSON.stringify({ type: 1, username }));
    const terminal = new Terminal(`${npmRunClient} -- ws ws://127.0.0.1:${server.port}/ws`);
    terminals.push(terminal);
    await terminal.shows('file, or r to read:');
    terminal.enter(path);
    await terminal.shows('{"status":200}');
    return terminal;
  }

  test('asks for files, sends them, and shows what comes above what is being typed', async () => {
    const [alice, bob] = [await registered('alice'), await registered('bob')];
    bob.type('half a na');
    await bob.shows('half a na');
    const path = join(server.folder, 'message.json');
    writeFileSync(path, JSON.stringify({ type: 3, clients: ['bob'], content: 'hi' }));
    alice.enter(path);
    const screen = await bob.shows(/"content":"hi"\}\nfile, or r to read: half a na$/);
    expect(screen.split('\n').slice(-2)).toEqual([
      '{"status":200,"type":3,"sender":"alice","clients":["bob"],"content":"hi"}',
      'file, or r to read: half a na',
    ]);
    bob.enter('me.json');
    await bob.shows('there is no file half a name.json');
    for (const terminal of [alice, bob]) {
      terminal.press('C-d');
      await terminal.ended();
    }
  });
});
