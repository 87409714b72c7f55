import type { Username } from '../../shared/names';
import { codeOf } from '../../tests/harness/world';
import { NameHolds } from './name-holds';

const eve = 'Eve' as Username;
const sameName = 'eve' as Username;
const taken = expect.objectContaining({ code: 'name_taken' });
let names: NameHolds;

beforeEach(() => {
  names = new NameHolds();
});

/** A creation that ends when the test says so. */
function creation(): { readonly done: Promise<unknown>; succeed(): void; fail(): void } {
  let succeed = (): void => {};
  let fail = (): void => {};
  const made = new Promise<void>((resolve, reject) => {
    succeed = resolve;
    fail = () => reject(new Error('the disk is full'));
  });
  return { done: names.whileCreating(eve, () => made), succeed, fail };
}

test('a name is one guest after another', () => {
  names.takeForGuest(eve);
  expect(() => names.takeForGuest(sameName)).toThrow(taken);
  names.freeOfGuest(sameName);
  expect(() => names.takeForGuest(sameName)).not.toThrow();
});

test('no account is made under the name of a guest', async () => {
  names.takeForGuest(eve);
  const create = jest.fn(async () => 1);
  expect(await codeOf(names.whileCreating(sameName, create))).toBe('name_taken');
  expect(create).not.toHaveBeenCalled();
  names.freeOfGuest(eve);
  expect(await names.whileCreating(sameName, create)).toBe(1);
});

test('no guest takes a name while any account of it is being made', async () => {
  const first = creation();
  const second = creation();
  expect(() => names.takeForGuest(sameName)).toThrow(taken);
  first.fail();
  await expect(first.done).rejects.toThrow('the disk is full');
  expect(() => names.takeForGuest(sameName)).toThrow(taken);
  second.succeed();
  await second.done;
  expect(() => names.takeForGuest(sameName)).not.toThrow();
});
