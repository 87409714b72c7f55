import { readFileClientArguments } from './arguments';

test('without a url it is the one that the server listens on by default', () => {
  expect(readFileClientArguments([])).toEqual({ kind: 'run', url: 'ws://127.0.0.1:8888/ws' });
});

test.each(['ws://[::1]:1/ws', 'wss://chat.example/ws'])('%s is a url to connect to', (url) => {
  expect(readFileClientArguments([url])).toEqual({ kind: 'run', url });
});

test.each([
  [['http://chat.example/ws'], 'http://chat.example/ws'],
  [['alice.json'], 'alice.json'],
  [['ws://a/ws', 'alice.json'], 'alice.json'],
])('%j is a mistake that is named', (argv, named) => {
  const start = readFileClientArguments(argv);
  expect(start).toMatchObject({ kind: 'mistake', mistake: expect.stringContaining(named) });
});

test.each(['--help', '-h'])('%s asks for help', (flag) => {
  expect(readFileClientArguments([flag])).toEqual({ kind: 'help' });
});
