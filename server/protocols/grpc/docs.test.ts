/** The page about this wire says what the code does. `UPDATE_DOCS=1 npx jest server/protocols/grpc` writes it anew. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { errorCodes } from '../../../shared/errors';
import { grpcStatusOf } from './statuses';

const path = join(__dirname, '..', '..', '..', 'docs', 'protocols', 'grpc.md');
const proto = readFileSync(join(__dirname, 'chat.proto'), 'utf8');

/** One row for each status: the codes that are told by it. */
function statusRows(): string {
  const rows = new Map<string, string[]>();
  for (const code of errorCodes) {
    const name = status[grpcStatusOf(code)] as string;
    rows.set(name, [...(rows.get(name) ?? []), `\`${code}\``]);
  }
  const lines = [...rows].map(([name, codes]) => `| \`${name}\` | ${codes.join(', ')} |\n`);
  return `| status | codes |\n| --- | --- |\n${lines.join('')}`;
}

const parts = {
  'table of statuses': { found: /\| status \| codes \|\n(?:\|.*\n)+/, is: statusRows() },
  interface: { found: /```proto\n[\s\S]*?\n```/, is: `\`\`\`proto\n${proto}\`\`\`` },
};

if (process.env.UPDATE_DOCS !== undefined) {
  let page = readFileSync(path, 'utf8');
  for (const { found, is } of Object.values(parts)) page = page.replace(found, () => is);
  writeFileSync(path, page);
}

test.each(Object.entries(parts))('docs/protocols/grpc.md has the %s of the code', (_, { found, is }) => {
  expect(found.exec(readFileSync(path, 'utf8'))?.[0]).toBe(is);
});

test('every error code has a status', () => {
  expect(errorCodes.filter((code) => [status.OK, status.UNKNOWN].includes(grpcStatusOf(code)))).toEqual([]);
});
