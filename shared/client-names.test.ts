import { isDeviceName, isSendKey } from './client-names';
import { limits } from './limits';

describe('a device name', () => {
  test.each(['a', '-', '_', 'Phone-2_x', '0', 'x'.repeat(limits.deviceLengthMax)])('may be %j', (text) => {
    expect(isDeviceName(text)).toBe(true);
  });

  test.each(['', ' ', 'a b', 'a.b', 'é', 'a\n', '\na', 'a ', ' a', '#a', 'x'.repeat(limits.deviceLengthMax + 1)])(
    'may not be %j',
    (text) => expect(isDeviceName(text)).toBe(false),
  );
});

describe('the key of a send', () => {
  test.each(['!', '~', 'k7f3', '#"\\', 'x'.repeat(limits.keyLengthMax)])('may be %j', (text) => {
    expect(isSendKey(text)).toBe(true);
  });

  test.each(['', ' ', 'a b', 'a\n', '\na', ' a', 'a ', '\x1f', '\x7f', 'é', 'x'.repeat(limits.keyLengthMax + 1)])(
    'may not be %j',
    (text) => expect(isSendKey(text)).toBe(false),
  );
});
