import { commands } from '../../shared/cmap';
import { limits } from '../../shared/limits';
import { accountCases } from './account-cases';
import { growthFactor } from './judgement';
import { memberCases } from './member-cases';
import { messageCases } from './message-cases';
import { roomCases } from './room-cases';
import { accountsCases, onlineCases } from './server-cases';

const cases = [...messageCases, ...accountCases, ...roomCases, ...memberCases, ...onlineCases, ...accountsCases];

test('every command of the cmap table is measured by at least one case', () => {
  const measured = new Set(cases.map(({ request }) => request));
  expect(commands.map(({ name }) => name).filter((name) => !measured.has(name))).toEqual([]);
});

test('no two cases have the same request and the same thing that grows', () => {
  const names = cases.map(({ request, grows }) => `${request}, ${grows}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('no case grows rooms, members or devices beyond what the server allows', () => {
  const largest = (word: RegExp): number =>
    Math.max(...cases.filter(({ grows }) => word.test(grows)).map(({ size }) => size * growthFactor));
  expect(largest(/^rooms/)).toBeLessThanOrEqual(limits.roomsPerAccountMax);
  expect(largest(/^members/)).toBeLessThanOrEqual(limits.roomMembersMax);
  expect(largest(/^devices/)).toBeLessThanOrEqual(limits.devicesPerAccountMax);
});
