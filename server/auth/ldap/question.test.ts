import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';
import { type SelfSigned, selfSigned } from '../../../tests/harness/self-signed';
import type { LdapAnswer } from './answer';
import { type LdapBounds, ldapBounds } from './bounds';
import { askDirectory } from './question';

const base = 'dc=example,dc=org';

describe('a directory that is none', () => {
  let certificate: SelfSigned;
  let listening: Server | undefined;

  beforeAll(async () => {
    certificate = await selfSigned();
  });
  afterEach(() => {
    listening?.close();
  });

  /** For who says nothing. Whoever says something is given longer than any machine takes to hear it. */
  const soon: LdapBounds = { ...ldapBounds, connectMs: 500, answerMs: 500 };
  const late: LdapBounds = { ...ldapBounds, connectMs: 90_000, answerMs: 90_000 };

  /** What comes of a question to a server that does this. */
  async function askAt(
    protocol: string,
    server: Server,
    { ca = certificate.cert, patience = late }: { ca?: string; patience?: LdapBounds } = {},
  ): Promise<LdapAnswer> {
    listening = server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { url, base, filter: '(uid={username})', ca, searcher: undefined };
    return askDirectory(settings, patience, 'alice', 'pw');
  }

  test.each(['ldap', 'ldaps'])('accepts and says nothing: over %s it is unavailable in time', async (protocol) => {
    const held: Socket[] = [];
    const answer = await askAt(
      protocol,
      createServer((socket) => held.push(socket.on('error', () => undefined))),
      { patience: soon },
    );
    expect(answer).toEqual({ kind: 'unavailable', reason: 'no answer within 0.5 s' });
    for (const socket of held) socket.destroy();
  });

  test('shakes hands and says nothing: it is unavailable in time', async () => {
    const held: Socket[] = [];
    const answer = await askAt(
      'ldaps',
      createTlsServer({ ...certificate }, (socket) => held.push(socket.on('error', () => undefined))),
      { patience: soon },
    );
    expect(answer).toEqual({ kind: 'unavailable', reason: 'no answer within 0.5 s' });
    for (const socket of held) socket.destroy();
  });

  test.each(['ldap', 'ldaps'])('answers with rubbish: over %s it is unavailable', async (protocol) => {
    const answer = await askAt(
      protocol,
      createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    expect(answer.kind).toBe('unavailable');
  });

  test.each([
    ['ldap', startTlsServer],
    ['ldaps', createTlsServer],
  ] as const)('shows a trusted certificate for another name: over %s it is unavailable', async (protocol, serve) => {
    const other = await selfSigned({ names: ['directory.example.org'], addresses: ['192.0.2.1'] });
    const answer = await askAt(protocol, serve({ ...other }), { ca: other.cert });
    expect(answer).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('IP: 127.0.0.1 is not in') });
  });

  test('is not there: it is unavailable', async () => {
    const settings = {
      url: 'ldaps://127.0.0.1:1',
      base,
      filter: '(uid={username})',
      ca: undefined,
      searcher: undefined,
    };
    expect(await askDirectory(settings, ldapBounds, 'alice', 'pw')).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

/** Says yes to the first request, which is for StartTLS, and begins it. @see RFC 4511, section 4.14 */
function startTlsServer(certificate: SelfSigned): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (request) => {
      // Its messageID, then an ExtendedResponse of success with two empty texts.
      socket.write(Buffer.from([0x30, 12, ...request.subarray(2, 5), 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0]));
      const secureContext = createSecureContext({ ...certificate });
      new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => undefined);
    });
  });
}
