/** What the clients that exist already accept, by wire. They were written for other servers, cannot be changed, and check
 *  next to nothing, so these rules bind the server. Each function reads one message as its client does, and throws
 *  {@link ClientBreaks} where that client would crash, hang or drop the message. */

/** A message that breaks the client that it was written to. */
export class ClientBreaks extends Error {
  override readonly name = 'ClientBreaks';
}

/** A message as its client shows it. */
export interface ShownMessage {
  readonly from: string;
  readonly text: string;
}

/** Chatbot: the data of a SEND frame is split at every `|||` into exactly three values, and the loop of a client that finds
 *  its own name in neither of the first two ends. `me` is the name as the client has logged in by. */
export function shownByChatbot(me: string, data: Uint8Array): ShownMessage & { readonly to: string } {
  const values = asciiOf(data).split('|||');
  const [from = '', to = '', text = ''] = values;
  if (values.length !== 3) throw new ClientBreaks(`${values.length} values, not 3: ${values.join(' / ')}`);
  if (from !== me && to !== me) throw new ClientBreaks(`neither from nor to ${me}: from ${from} to ${to}`);
  return { from, to, text };
}

/** Chatbot: the data of a RESPONSE is one value. */
export function responseOnChatbot(data: Uint8Array): string {
  const text = asciiOf(data);
  if (text.includes('|||')) throw new ClientBreaks(`more than one value in a RESPONSE: ${text}`);
  return text;
}

function asciiOf(data: Uint8Array): string {
  if (data.some((byte) => byte >= 0x80)) throw new ClientBreaks('data that is not ASCII');
  return Buffer.from(data).toString('latin1');
}

/** gRPC: a message of the stream is shown only when it is addressed to the name by which the client has logged in. */
export function shownByGrpc(
  me: string,
  message: Record<'fromUsername' | 'toUsername' | 'message', string>,
): ShownMessage {
  if (message.toUsername !== me) throw new ClientBreaks(`addressed to ${message.toUsername}, not to ${me}`);
  return { from: message.fromUsername, text: message.message };
}

/** Nick room: a packet is a JSON object with a time, a name and a text, and nothing else. */
export function shownInNickroom(content: string): ShownMessage {
  const { timestamp, nickname, message, ...rest } = parsed(content);
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(`${timestamp}`) || Object.keys(rest).length > 0) {
    throw new ClientBreaks(`not the keys of a message: ${content.slice(0, 200)}`);
  }
  return { from: wordOf(nickname), text: wordOf(message) };
}

/** cmap 1: a block ends at the first `\r\n\r\n`, and a message is one line that begins with `From`. `block` is everything
 *  that came up to and without the end of a block, or live; what stands before the first message is `greeting`. */
export function shownByClassic(block: string): { readonly greeting: string; readonly messages: ShownMessage[] } {
  if (block.includes('\r\n\r\n')) throw new ClientBreaks('the end of a block inside it');
  const [greeting = '', ...parts] = block.split(/\nFrom ([^\s:]+): Message: /);
  const messages: ShownMessage[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    // In a block a line feed follows each message, and padding may follow that.
    const text = (parts[index + 1] ?? '').replace(/\n *$/, '');
    if (/[\r\n]/.test(text)) throw new ClientBreaks(`a message of several lines: ${text.slice(0, 200)}`);
    messages.push({ from: parts[index] as string, text });
  }
  return { greeting, messages };
}

/** JSON over WebSocket: a frame is an object with a success as its `status`, whose `sender` and `content` are texts. */
export function shownByChateau({ status, sender, content }: Readonly<Record<string, unknown>>): ShownMessage {
  if (status !== 200 && status !== 201) throw new ClientBreaks(`status ${status} in a message`);
  return { from: wordOf(sender), text: wordOf(content) };
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json);
  } catch {
    throw new ClientBreaks(`not JSON: ${json.slice(0, 200)}`);
  }
}

function wordOf(value: unknown): string {
  if (typeof value !== 'string') throw new ClientBreaks(`not a text: ${value}`);
  return value;
}
