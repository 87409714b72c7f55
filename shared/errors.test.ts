import { ChatError, type ErrorCode, errorCodes, isFatal, statusOf } from './errors';
import { limits } from './limits';

/** The statuses that docs/protocol.md knows for failures. */
const statuses = [400, 401, 403, 404, 408, 409, 413, 429, 500, 503, 505, 507];

/** Their sentences quote a fact: this one, and what stands there without it. */
const quoting: Partial<Record<ErrorCode, { detail: object; told: string; untold: string }>> = {
  arguments_missing: {
    detail: { usage: 'send <to> <body>' },
    told: 'an argument is missing: send <to> <body>',
    untold: 'an argument is missing: ',
  },
  arguments_surplus: { detail: { usage: 'quit' }, told: 'too many arguments: quit', untold: 'too many arguments: ' },
  number_invalid: {
    detail: { name: 'seq' },
    told: 'seq must be a whole number',
    untold: 'this must be a whole number',
  },
  name_reserved: {
    detail: { name: 'server' },
    told: 'the name server is reserved',
    untold: 'the name  is reserved',
  },
  blocked: {
    detail: { name: 'bob' },
    told: 'bob does not take messages from you',
    untold: 'the recipient does not take messages from you',
  },
  not_a_member: {
    detail: { name: '#garden' },
    told: 'you are not a member of #garden',
    untold: 'you are not a member of this room',
  },
  capability_missing: {
    detail: { name: 'ack' },
    told: 'ask for the capability ack with hello first',
    untold: 'ask for the capability  with hello first',
  },
  recipient_unknown: { detail: { name: 'bob' }, told: 'no account or room bob', untold: 'no account or room' },
  account_unknown: { detail: { name: 'bob' }, told: 'no account bob', untold: 'no account' },
  room_unknown: { detail: { name: '#garden' }, told: 'no room #garden', untold: 'no room' },
  command_unknown: { detail: { name: 'jump' }, told: 'no command jump', untold: 'no command' },
  name_taken: { detail: { name: 'bob' }, told: 'the name bob is taken', untold: 'the name  is taken' },
  already_logged_in: {
    detail: { name: 'bob' },
    told: 'this connection is logged in as bob; log out first',
    untold: 'this connection is logged in as somebody; log out first',
  },
  logged_in_elsewhere: {
    detail: { name: 'bob' },
    told: 'bob is logged in on another connection',
    untold: 'this account is logged in on another connection',
  },
  closing: { detail: { seconds: 5 }, told: 'closing in 5 s', untold: 'closing' },
  version_unknown: {
    detail: { version: '3' },
    told: 'version 3 is not spoken here; using 2',
    untold: 'version  is not spoken here; using 2',
  },
  mailbox_full: {
    detail: { name: 'bob' },
    told: 'bob has too many unread messages',
    untold: 'the recipient has too many unread messages',
  },
};

test.each(errorCodes)('%s has a status that the protocol knows', (code) => {
  expect(statuses).toContain(statusOf(code));
});

test.each(errorCodes)('%s has a sentence for one line, with facts or without', (code) => {
  for (const detail of [{}, { name: 'bob', usage: 'send <to> <body>', seconds: 5, version: '3' }]) {
    const { message } = new ChatError(code, detail);
    expect(message).toMatch(/^[a-z][ -~]+$/);
    expect(message).not.toMatch(/undefined|null|NaN|\[object| {2}.*bob/);
  }
});

test.each(Object.entries(quoting))('%s quotes what it is about', (code, { detail, told, untold }) => {
  expect(new ChatError(code as ErrorCode, detail).message).toBe(told);
  expect(new ChatError(code as ErrorCode).message).toBe(untold);
});

test.each(errorCodes.filter((code) => !(code in quoting)))('%s says the same whatever it is told', (code) => {
  const told = new ChatError(code, { name: 'quoted', usage: 'quoted', seconds: 7, version: 'quoted' });
  expect(told.message).toBe(new ChatError(code).message);
});

test('sentences quote the limits that hold', () => {
  const sentence = (code: ErrorCode) => new ChatError(code).message;
  expect(sentence('name_invalid')).toContain(`1 to ${limits.usernameLengthMax} `);
  expect(sentence('room_name_invalid')).toContain(`1 to ${limits.roomNameLengthMax} `);
  expect(sentence('password_invalid')).toContain(`1 to ${limits.passwordBytesMax} bytes`);
  expect(sentence('key_invalid')).toContain(`1 to ${limits.keyLengthMax} `);
  expect(sentence('device_invalid')).toContain(`1 to ${limits.deviceLengthMax} `);
  expect(sentence('recipients_too_many')).toContain(`at most ${limits.recipientsMax} `);
  expect(sentence('chat_name_invalid')).toContain(`1 to ${limits.roomNameLengthMax} `);
  expect(sentence('members_too_many')).toContain(`at most ${limits.roomMembersMax} `);
  expect(sentence('rooms_too_many')).toContain(`at most ${limits.roomsPerAccountMax} `);
  expect(sentence('body_too_long')).toContain(`at most ${limits.bodyBytesMax} bytes`);
});

test('exactly these failures cost the connection', () => {
  expect(errorCodes.filter(isFatal)).toEqual([
    'idle',
    'line_too_long',
    'body_too_long',
    'closing',
    'connections_too_many',
  ]);
});

test('no two failures of one status say the same', () => {
  const said = errorCodes.map((code) => `${statusOf(code)} ${new ChatError(code).message}`);
  expect(new Set(said).size).toBe(errorCodes.length);
});

test('a ChatError is an Error that carries its code, its facts and its cause', () => {
  const cause = new Error('disk');
  const error = new ChatError('mailbox_full', { name: 'bob' }, { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'ChatError',
    code: 'mailbox_full',
    detail: { name: 'bob' },
    status: 507,
    fatal: false,
    cause,
  });
  expect(new ChatError('line_too_long')).toMatchObject({ status: 413, fatal: true, detail: {} });
});
