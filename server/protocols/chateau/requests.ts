/** What a client may ask on this wire: the one table from which frames are read.
 *  @see docs/protocols/chateau.md#requests */

/** How an argument is read; with `?` it may be left out. `text` any text; `names` a list of texts, or one alone;
 *  `number` a whole number from 0; `flag` true or false. */
export type FieldKind = 'text' | 'names' | 'number' | 'flag';
export type FieldSpec = FieldKind | `${FieldKind}?`;

/** The requests of the named dialect by their type, and their arguments. */
export const namedRequests = {
  RegisterRequest: { username: 'text', password: 'text?' },
  GroupMessageInitRequest: { chatname: 'text', recipients: 'names', content: 'text' },
  GroupMessageRequest: { chatname: 'text', content: 'text', key: 'text?' },
  ClientListRequest: {},
  RandomMessageRequest: { content: 'text' },
  SingleMessageRequest: { recipient: 'text', content: 'text', key: 'text?' },
  CreateRequest: { username: 'text', password: 'text' },
  LoginRequest: {
    username: 'text',
    password: 'text',
    device: 'text?',
    takeover: 'flag?',
    ack: 'flag?',
    receipts: 'flag?',
  },
  LogoutRequest: {},
  PasswordRequest: { password: 'text', newPassword: 'text' },
  DeleteRequest: { password: 'text' },
  BlockRequest: { username: 'text' },
  UnblockRequest: { username: 'text' },
  ListRequest: { pattern: 'text?', after: 'text?' },
  WhoRequest: { pattern: 'text?' },
  ChatCreateRequest: { chatname: 'text', recipients: 'names?' },
  ChatJoinRequest: { chatname: 'text' },
  ChatLeaveRequest: { chatname: 'text' },
  ChatMembersRequest: { chatname: 'text' },
  HistoryRequest: { with: 'text?', chatname: 'text?', before: 'number?', limit: 'number?' },
  Ack: { log: 'text', seq: 'number' },
} as const satisfies Record<string, Record<string, FieldSpec>>;

/** What a type of the numeric dialect means, and its arguments. */
export const numericRequests = {
  1: { type: 'RegisterRequest', fields: { username: 'text' } },
  3: { type: 'ClientsMessage', fields: { clients: 'names', content: 'text' } },
  4: { type: 'ClientListRequest', fields: {} },
  5: { type: 'RandomMessageRequest', fields: { content: 'text' } },
} as const satisfies Record<number, { type: string; fields: Record<string, FieldSpec> }>;

type ValueOf<Spec> = Spec extends `${infer Kind}?`
  ? ValueOf<Kind> | undefined
  : Spec extends 'text'
    ? string
    : Spec extends 'names'
      ? readonly string[]
      : Spec extends 'number'
        ? number
        : boolean;

type NamedRequests = typeof namedRequests;
export type NamedType = keyof NamedRequests;

/** A message of the numeric dialect, which may be for several people. */
interface ClientsMessage {
  readonly type: 'ClientsMessage';
  readonly clients: readonly string[];
  readonly content: string;
}

export type RequestType = NamedType | ClientsMessage['type'];

/** A request of this type as a value, whichever dialect it came in. */
export type RequestOf<Type extends RequestType> = Type extends NamedType
  ? { readonly type: Type } & { readonly [Name in keyof NamedRequests[Type]]: ValueOf<NamedRequests[Type][Name]> }
  : ClientsMessage;

export type Request = { [Type in RequestType]: RequestOf<Type> }[RequestType];
