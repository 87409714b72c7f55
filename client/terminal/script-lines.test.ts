import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { notText, readScript, type ScriptLine } from './script-lines';

async function linesOf(chunks: readonly Uint8Array[]): Promise<ScriptLine[]> {
  const input = new PassThrough();
  const { lines } = readScript(input);
  for (const chunk of chunks) input.write(chunk);
  input.end();
  const all: ScriptLine[] = [];
  for (let next = await lines.next(); !next.done; next = await lines.next()) all.push(next.value);
  return all;
}

test('lines end with LF, CR LF or CR, and with nothing else', async () => {
  expect(await linesOf([Buffer.from('a\nb\r\nc\rd\u2028e\u0085f\n\ng')])).toEqual([
    'a',
    'b',
    'c',
    'd\u2028e\u0085f',
    '',
    'g',
  ]);
});

test('a line that is not UTF-8 is told from one that holds a replacement character, and those beside it are text', async () => {
  const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.from([0x62, 0xff, 0x0a]), Buffer.from('\ufffd\n')]);
  expect(await linesOf([bytes])).toEqual(['a', notText, '\ufffd']);
});

test('where a script is cut into chunks makes no difference', async () => {
  const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, ' '));
  const property = fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.nat(), async (lines, at) => {
    const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
    const cut = at % (bytes.length + 1);
    expect(await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(lines);
  });
  await fc.assert(property);
});
