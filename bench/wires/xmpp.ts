/** XMPP from a client to its server, with stream management (XEP-0198) for acknowledgements.
 *
 *  `<a h='N'/>` says that the server has handled N stanzas of this connection; it answers `<r/>`, which a sender writes
 *  after a message when no answer is awaited, and after every 32nd. A recipient has a presence, so that the server sends
 *  what was kept and delivers what comes, and acknowledges with one `<a/>` in a turn.
 *  @see https://www.rfc-editor.org/rfc/rfc6120 and https://xmpp.org/extensions/xep-0198.html */

import type { Out, Role, Sink, User, Wire, WireConnection } from '../load/wire';
import { stanzaEnd } from './xmpp-stanza';

/** The domain that the peers serve. */
export const xmppDomain = 'localhost';

const letterA = 0x61;
const letterM = 0x6d;
const letterR = 0x72;
const slash = 0x2f;
const space = 0x20;
const tagEnd = 0x3e;
const tagStart = 0x3c;
const zero = 0x30;
const afterBody = Buffer.from('</body></message>');
const requestBytes = Buffer.from("<r xmlns='urn:xmpp:sm:3'/>");
const bodyTag = Buffer.from('<body');
const hAttribute = Buffer.from(' h=');
/** Messages after the last request at which another is written although its answer is awaited. */
const messagesPerRequestMax = 32;
const presence = '<presence/>';

export const xmpp: Wire = {
  name: 'xmpp',
  acknowledges: true,
  enrols: false,
  address: (recipient) => Buffer.from(`<message to='${recipient}@${xmppDomain}' type='chat'><body>`),
  open: (user, role, sink) => new XmppConnection(user, role, sink),
};

/** What the server is to say next. */
type Stage = 'mechanisms' | 'success' | 'features' | 'bound' | 'enabled' | 'online';

class XmppConnection implements WireConnection {
  private stage: Stage = 'mechanisms';
  private sent = 0;
  /** The highest `h` that came. */
  private handledByServer = 0;
  private sentAtRequest = 0;
  private requestsAwaited = 0;
  /** The answers to come until the one to the last ping, 0 without a ping. */
  private answersToPong = 0;
  /** Stanzas that the server sent since stream management was enabled: messages and presences. */
  private handled = 0;

  constructor(
    private readonly user: User,
    private readonly role: Role,
    private readonly sink: Sink,
  ) {}

  begin(out: Out): void {
    openStream(out);
  }

  read(bytes: Buffer, start: number, end: number, out: Out): number {
    let at = start;
    while (at < end) {
      if (bytes[at] !== tagStart) {
        at += 1;
        continue;
      }
      const next = stanzaEnd(bytes, at, end);
      if (next < 0) break;
      this.stanza(bytes, at, next, out);
      at = next;
    }
    return at;
  }

  writeSend(out: Out, to: Uint8Array, body: Uint8Array): void {
    out.raw(to);
    out.raw(body);
    out.raw(afterBody);
    this.sent += 1;
    if (this.requestsAwaited === 0 || this.sent - this.sentAtRequest >= messagesPerRequestMax) this.request(out);
  }

  writeAcks(out: Out): void {
    out.latin1(`<a xmlns='urn:xmpp:sm:3' h='${this.handled}'/>`);
  }

  /** A server answers a request after everything that came before it, as it would a ping. */
  writePing(out: Out): void {
    this.request(out);
    this.answersToPong = this.requestsAwaited;
  }

  private request(out: Out): void {
    out.raw(requestBytes);
    this.requestsAwaited += 1;
    this.sentAtRequest = this.sent;
  }

  private stanza(bytes: Buffer, start: number, end: number, out: Out): void {
    if (this.stage !== 'online') {
      this.handshake(bytes.toString('latin1', start, end), out);
      return;
    }
    const first = bytes[start + 1];
    const second = bytes[start + 2];
    if (first === letterM) {
      this.message(bytes, start, end);
      return;
    }
    if (first === letterA && second === space) {
      this.answered(bytes, start, end, out);
      return;
    }
    if (first === letterR && (second === space || second === slash)) {
      this.writeAcks(out);
      return;
    }
    if (isPresence(bytes, start)) this.handled += 1;
    else this.sink.failed(`xmpp: ${bytes.toString('latin1', start, end)}`);
  }

  private message(bytes: Buffer, start: number, end: number): void {
    this.handled += 1;
    const open = bytes.indexOf(bodyTag, start);
    if (open < 0 || open >= end) {
      this.sink.failed(`xmpp: ${bytes.toString('latin1', start, end)}`);
      return;
    }
    const bodyStart = bytes.indexOf(tagEnd, open) + 1;
    this.sink.received(bytes, bodyStart, bytes.indexOf(tagStart, bodyStart));
  }

  private answered(bytes: Buffer, start: number, end: number, out: Out): void {
    let at = bytes.indexOf(hAttribute, start) + hAttribute.length + 1;
    let h = 0;
    for (; at < end; at += 1) {
      const digit = (bytes[at] as number) - zero;
      if (!(digit >= 0 && digit <= 9)) break;
      h = h * 10 + digit;
    }
    this.requestsAwaited -= 1;
    const accepted = h - this.handledByServer;
    this.handledByServer = h;
    if (accepted > 0) this.sink.acked(accepted);
    if (this.answersToPong > 0) {
      this.answersToPong -= 1;
      if (this.answersToPong === 0) this.sink.ponged();
    }
    if (this.requestsAwaited === 0 && this.sent > h) this.request(out);
  }

  private handshake(text: string, out: Out): void {
    if (text.startsWith('<?xml') || text.startsWith('<stream:stream')) return;
    const isExpected = this.step(text, out);
    if (!isExpected) this.sink.failed(`xmpp: waiting for ${this.stage}: ${text}`);
  }

  /** Whether `text` is what had to come. */
  private step(text: string, out: Out): boolean {
    switch (this.stage) {
      case 'mechanisms': {
        if (!/<mechanism>PLAIN</.test(text)) return false;
        const { name, password } = this.user;
        const credentials = Buffer.from(`\0${name}\0${password}`).toString('base64');
        out.latin1(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${credentials}</auth>`);
        this.stage = 'success';
        return true;
      }
      case 'success':
        if (!text.startsWith('<success')) return false;
        openStream(out);
        this.stage = 'features';
        return true;
      case 'features':
        if (!text.includes('urn:xmpp:sm:3')) return false;
        out.latin1("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        this.stage = 'bound';
        return true;
      case 'bound':
        if (!/^<iq[^>]*type=['"]result/.test(text)) return false;
        out.latin1("<enable xmlns='urn:xmpp:sm:3'/>");
        this.stage = 'enabled';
        return true;
      case 'enabled':
        if (!text.startsWith('<enabled')) return false;
        this.stage = 'online';
        this.enabled(out);
        return true;
      case 'online':
        return false;
    }
  }

  /** Counting begins here, for both sides. A recipient's presence is a stanza that is counted, but no message. */
  private enabled(out: Out): void {
    if (this.role === 'receive' || this.role === 'idle') {
      out.latin1(presence);
      this.handledByServer = 1;
      this.sent = 1;
      this.sentAtRequest = 1;
    }
    this.sink.ready();
  }
}

function openStream(out: Out): void {
  out.latin1(
    `<?xml version='1.0'?><stream:stream to='${xmppDomain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
  );
}

/** `<presence`, not `<stream:error>` or an `<iq>`. */
function isPresence(bytes: Buffer, start: number): boolean {
  return bytes[start + 1] === 0x70 && bytes[start + 2] === letterR;
}
