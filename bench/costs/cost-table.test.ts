import { costTable, sentenceOf } from './cost-table';
import type { Cost, CostRow } from './judgement';

function row(request: CostRow['request'], small: Cost, large: Cost): CostRow {
  return { request, grows: 'messages waiting', judged: 'request', size: 1_000, small, large };
}

const list = row('list', { cpuUs: 100, wallUs: 200 }, { cpuUs: 110, wallUs: 300 });
const login = row('login', { cpuUs: 123.456, wallUs: 200 }, { cpuUs: 1_234.56, wallUs: 1_900 });
const ack: CostRow = {
  ...row('ack', { cpuUs: 10, wallUs: 20 }, { cpuUs: 50, wallUs: 40 }),
  grows: 'receipts pending',
  judged: 'each',
};
const deliver = row('deliver', { cpuUs: 100, wallUs: 100 }, { cpuUs: 900, wallUs: 2_000 });

test('each row of the table has the request, the sizes, both costs, both ratios and the verdict', () => {
  const lines = costTable([list, login, ack]);
  expect(lines[2]).toBe(
    '| list | messages waiting | 1 000 | 10 000 | one request | 100 | 110 | 1.1 | 1.5 | constant |',
  );
  expect(lines[3]).toBe(
    '| login | messages waiting | 1 000 | 10 000 | one request | 123 | 1 235 | 10 | 9.5 | linear |',
  );
  expect(lines[4]).toBe(
    '| ack | receipts pending | 1 000 | 10 000 | that many requests | 10 | 50 | 50 | 20 | **grows faster than linear** |',
  );
});

test('the closing line of a table names every row above 15', () => {
  expect(costTable([list, ack]).at(-1)).toBe('**1 of 2 rows have a ratio above 15:** ack (receipts pending) 50.');
});

test('the closing line of a table says so when no row is above 15', () => {
  expect(costTable([list, login]).at(-1)).toBe('No row of 2 has a ratio above 15.');
});

test('a row that is above 15 in wall time alone is named in a line of its own', () => {
  const lines = costTable([list, deliver]);
  expect(lines.at(-3)).toBe('No row of 2 has a ratio above 15.');
  expect(lines.at(-1)).toBe(
    'In wall time alone, which includes waiting for the disk and for other programs, 1 more: deliver (messages waiting) 20.',
  );
});

test('a table without rows has no lines', () => {
  expect(costTable([])).toEqual([]);
});

test('a row in a sentence has its sizes, costs, ratio and verdict', () => {
  expect(sentenceOf(ack)).toBe(
    'ack, 1 000 to 10 000 receipts pending: 10 to 50 µs, ratio 50, grows faster than linear',
  );
});
