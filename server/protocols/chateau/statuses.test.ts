import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '../../../shared/errors';
import { wireBounds } from './limits';
import { namedRequests, numericRequests } from './requests';
import { statusOf } from './statuses';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'protocols', 'chateau.md'), 'utf8');

/** The cells of the rows under the header that starts with `header`. */
function rowsUnder(header: string): string[][] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(header));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) => line.split('|').slice(1, -1));
}

function words(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word as string);
}

test('every failure has a status of each dialect, and only those that the wire knows', () => {
  for (const code of errorCodes) {
    expect([300, 301, 302, 400, 404]).toContain(statusOf(code, 'named'));
    expect([300, 302, 400]).toContain(statusOf(code, 'numeric'));
  }
});

test('a status of the numeric dialect is that of the named one, or 400', () => {
  for (const code of errorCodes) {
    const [named, numeric] = [statusOf(code, 'named'), statusOf(code, 'numeric')];
    expect(numeric).toBe([300, 302].includes(named) ? named : 400);
  }
});

test('the documentation gives the statuses that the code does', () => {
  const documented = new Map(
    rowsUnder('| status | is told for |').flatMap(([status, codes]) =>
      words(codes).map((code) => [code, Number.parseInt(status ?? '', 10)]),
    ),
  );
  const told = errorCodes.map((code) => [code, statusOf(code, 'named')] as const);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(told.filter(([, status]) => status !== 400)));
});

test('the documentation gives the requests and arguments that the code reads', () => {
  const documented = rowsUnder('| request | arguments |').map(([type, given]) => [
    words(type)[0],
    [...(given ?? '').matchAll(/`(\w+)`(\?)?/g)].map(([, name, optional]) => `${name}${optional ?? ''}`).sort(),
  ]);
  const read = Object.entries(namedRequests).map(([type, fields]) => [
    type,
    Object.entries(fields)
      .map(([name, spec]) => `${name}${spec.endsWith('?') ? '?' : ''}`)
      .sort(),
  ]);
  expect(documented).toEqual(read);
});

test('the documentation gives the numeric types that the code reads', () => {
  const documented = rowsUnder('| type | arguments |').map(([type]) => Number.parseInt(type ?? '', 10));
  expect(documented).toEqual(Object.keys(numericRequests).map(Number));
});

test('the documentation gives the lengths that a frame may have', () => {
  expect(/more than (\d+) KB/.exec(page)?.[1]).toBe(String(Math.floor(wireBounds.frameBytesMax / 1_000)));
  const ofStranger = /registered, one of more than ([0-9,]+) bytes/.exec(page)?.[1];
  expect(ofStranger).toBe(wireBounds.strangerFrameBytesMax.toLocaleString('en'));
});
