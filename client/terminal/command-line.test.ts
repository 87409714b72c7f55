import { commands } from '../../shared/cmap';
import { aliasesOf, commandMeant } from './aliases';
import { type ParsedLine, parseLine } from './command-line';

function read(line: string): string | readonly string[] {
  const parsed: ParsedLine = parseLine(line);
  if (parsed.kind === 'mistake') return parsed.text;
  return parsed.kind === 'nothing' ? [] : [parsed.command.spec.name, ...parsed.command.args];
}

test.each([
  ['create alice pw', ['create', 'alice', 'pw']],
  ['  LOGIN  alice  pw', ['login', 'alice', ' pw']],
  ['login alice', ['login', 'alice']],
  ['login alice a pass phrase', ['login', 'alice', 'a pass phrase']],
  ['send bob hi there', ['send', 'bob', 'hi there']],
  ['send bob  two  spaces ', ['send', 'bob', ' two  spaces ']],
  ['send bob a\\nb \\', ['send', 'bob', 'a\\nb \\']],
  ['send bob', ['send', 'bob']],
  ['3 bob hi', ['send', 'bob', 'hi']],
  ['/msg bob hi', ['send', 'bob', 'hi']],
  ['@bob hi you', ['send', 'bob', 'hi you']],
  ['#garden hi all', ['send', '#garden', 'hi all']],
  ['list', ['list']],
  ['ls al* ', ['list', 'al*']],
  ['room #garden bob  carol', ['room', '#garden', 'bob', 'carol']],
  ['join garden', ['join', '#garden']],
  ['history bob 120 10', ['history', 'bob', '120', '10']],
  ['passwd', ['passwd']],
  ['passwd old new one', ['passwd', 'old', 'new one']],
  ['delete', ['delete']],
  ['deliver alice', ['deliver', 'alice']],
  ['random hello you', ['random', 'hello you']],
  ['exit', ['quit']],
  ['?', ['help']],
  ['', []],
  ['   ', []],
])('%p is read as %p', (line, command) => {
  expect(read(line)).toEqual(command);
});

test.each([
  ['sned bob hi', 'there is no command sned; did you mean send?'],
  ['/hsitory', 'there is no command /hsitory; did you mean history?'],
  ['rooms', 'there is no command rooms; did you mean room?'],
  ['hello-world-of-mine', 'there is no command hello-world-of-mine; help lists them'],
  ['login', 'login needs a username: login <username> <password>'],
  ['send', 'send needs a to: send <to> <body>'],
  ['history bob x', 'before must be a whole number: history <with> [before [limit]]'],
  ['join #a b', 'too much after join; it is: join <#room>'],
  ['logout now', 'too much after logout; it is: logout'],
])('%p is a mistake that is explained', (line, text) => {
  expect(read(line)).toBe(text);
});

test('every command is meant by its name in any case, by its number, and by its aliases', () => {
  for (const spec of commands) {
    for (const word of [
      spec.name,
      spec.name.toUpperCase(),
      String(spec.opcode),
      `/${spec.name}`,
      ...aliasesOf(spec.name),
    ]) {
      expect(commandMeant(word)?.name).toBe(spec.name);
    }
  }
});

test('no alias means two commands', () => {
  const words = commands.flatMap((spec) => [spec.name, ...aliasesOf(spec.name)]);
  expect(new Set(words).size).toBe(words.length);
});
