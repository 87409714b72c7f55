/** The tables in the documentation are those in the code. `UPDATE_DOCS=1 npx jest tests/docs` writes them anew. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../package.json';
import { usageText } from '../server/protocols/cmap/v1/codec';
import { type CommandSpec, commands } from '../shared/cmap';
import { ChatError, errorCodes, isFatal } from '../shared/errors';
import { usageOf } from '../shared/usage';
import { productVersion } from '../shared/version';

const path = join(__dirname, '..', 'docs', 'protocol.md');

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function commandRow(spec: CommandSpec): string {
  const given = usageOf(spec).slice(spec.name.length).trim();
  const reply = spec.items === undefined ? spec.reply : `${spec.reply} of ${spec.items}`;
  return `| ${spec.opcode} | ${spec.name} | ${given === '' ? '' : `\`${cell(given)}\``} | ${reply} | ${spec.needsLogin ? 'yes' : ''} | ${cell(spec.help)} |`;
}

function errorRow(code: (typeof errorCodes)[number]): string {
  const error = new ChatError(code, { name: '…', usage: '…', version: '…' });
  return `| ${error.status} | \`${code}\` | ${cell(error.message)} | ${isFatal(code) ? 'closes' : ''} |`;
}

/** The rows of the table under the header that starts with `header`. */
function rowsUnder(page: string, header: string): string[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(header));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end);
}

const tables = {
  '| op | name |': commands.map(commandRow),
  '| status | code |': [...errorCodes].sort((a, b) => new ChatError(a).status - new ChatError(b).status).map(errorRow),
};

describe('docs/protocol.md', () => {
  if (process.env.UPDATE_DOCS !== undefined) {
    const page = Object.entries(tables).reduce(
      (text, [header, rows]) =>
        text.includes(header) ? text.replace(rowsUnder(text, header).join('\n'), () => rows.join('\n')) : text,
      readFileSync(path, 'utf8'),
    );
    writeFileSync(path, page);
  }

  test.each(Object.entries(tables))('the table "%s" is that of the code', (header, rows) => {
    expect(rowsUnder(readFileSync(path, 'utf8'), header)).toEqual(rows);
  });
});

test('docs/protocol.md shows the usage text of version 1 as the server sends it', () => {
  const indented = usageText.replace(/^/gm, '    ');
  expect(readFileSync(path, 'utf8')).toContain(`\n\n${indented}\n\n`);
});

test('the version that hello tells is that of the package', () => {
  expect(`${productVersion}.`).toBe(version.slice(0, productVersion.length + 1));
});
