/** The server program: the only file that knows every part. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { endWithOutput, ignoreOutputErrors } from '../client/terminal/lost-output';
import { version } from '../package.json';
import { ChatError } from '../shared/errors';
import { bounds } from '../shared/limits';
import { openHashPool } from './auth/hash-pool';
import { createPasswordHasher } from './auth/password-hasher';
import { createLocalBus } from './bus/local/local-bus';
import { Certificate, CertificateError } from './certificate';
import { systemChance } from './chance';
import { systemClock } from './clock';
import { type Config, readConfig } from './config';
import type { PortSetting } from './config/option-spec';
import { type Chat, createChat } from './core/chat';
import type { Directory } from './core/directory';
import type { Logger } from './core/ports';
import { Retention } from './core/retention';
import { directorySettings } from './directory-settings';
import { greeting, type ListeningWire } from './greeting';
import { createHttpFront, type HttpFront } from './http/http-server';
import { createLogger } from './logger';
import { FileError } from './named-file';
import { openChatbotListener } from './protocols/chatbot/listener';
import { type ChateauSockets, createChateauSockets } from './protocols/chateau/listener';
import { openCmapListener } from './protocols/cmap/listener';
import { openGrpcListener } from './protocols/grpc/listener';
import type { Listener } from './protocols/listener';
import { openNickroomListener } from './protocols/nickroom/listener';
import type { TlsMaterial } from './protocols/tls-material';
import { ListenError, listenError, type Place } from './startup-failure';
import { StoreOpenError } from './store/open-error';
import { openSqliteStore } from './store/sqlite/store';

const exitStatus = { ok: 0, failed: 1, misused: 2 } as const;
const migrationsFolder = join(__dirname, '..', 'migrations', 'sqlite');

void main();

async function main(): Promise<void> {
  const startup = readConfig(process.argv.slice(2), process.env, readFile);
  if (startup.kind === 'print') {
    endWithOutput(process.stdout, process.stderr);
    process.stdout.write(startup.text);
    return;
  }
  if (startup.kind === 'mistakes') {
    for (const line of startup.lines) console.error(line);
    process.exitCode = exitStatus.misused;
    return;
  }
  for (const line of startup.warnings) console.error(line);
  try {
    await run(startup.config);
  } catch (error) {
    if (!isExpected(error)) throw error;
    console.error(`chateau: ${error.message}`);
    process.exit(exitStatus.failed);
  }
}

function isExpected(error: unknown): error is Error {
  return [ListenError, CertificateError, FileError, StoreOpenError].some((kind) => error instanceof kind);
}

async function run(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  const tls = openCertificate(config, logger);
  // Before anything that takes time, and without a certificate too: the signal by itself would end the server.
  process.on('SIGHUP', () => tls?.reload());
  const directory = openDirectory(config, logger);
  const store = await openSqliteStore({
    path: config.memory ? ':memory:' : config.database,
    migrationsFolder,
    mailboxMessagesMax: config.mailboxMessagesMax,
    logger,
  });
  const hashPool = openHashPool({ logger });
  const hasher = createPasswordHasher({ pool: hashPool, cost: config.bcryptCost });
  const bus = createLocalBus({ logger });
  const chat = createChat(
    { store, bus, clock: systemClock, chance: systemChance, hasher, directory, logger },
    { sessionsPerAccountMax: config.sessionsPerAccountMax },
  );
  const retention = new Retention(
    { store: store.retention, clock: systemClock, logger, devicesInUse: chat.devicesInUse },
    { historyDays: config.historyDays },
  );
  let wires: Wires;
  try {
    wires = await openWires(chat, config, tls);
  } catch (cause) {
    await store.close();
    throw cause;
  }
  retention.start();
  const { port } = wires.main;
  // Its reader may leave before the server does, as `tee` does at the same Ctrl-C.
  ignoreOutputErrors(process.stdout);
  console.log(greeting({ version, config, port, others: wires.others }));
  logger.info('started', { host: config.host, port });
  // Whoever waited for the port gets in first.
  setImmediate(() => hashPool.start());

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info('stopping', { signal });
    console.log(`Closing within ${bounds.closingMs / 1_000} s; Ctrl-C again closes at once.`);
    await closeWires(wires);
    await retention.close();
    await chat.close();
    await Promise.all([bus.close(), hasher.close()]);
    await store.close();
    logger.info('stopped');
    process.exit(exitStatus.ok);
  };
  closeOnSignal(stop);
}

/** @throws CertificateError, FileError */
function openCertificate({ tlsCert, tlsKey }: Config, logger: Logger): Certificate | undefined {
  if (tlsCert === '') return undefined;
  return new Certificate({
    certPath: tlsCert,
    keyPath: tlsKey,
    readFile,
    logger,
  });
}

/** @throws FileError */
function openDirectory(config: Config, logger: Logger): Directory | undefined {
  if (config.auth !== 'ldap') return undefined;
  // Memory that only those pay for who have a directory.
  const { createLdapDirectory } = require('./auth/ldap/ldap-directory') as typeof import('./auth/ldap/ldap-directory');
  return createLdapDirectory({ settings: directorySettings(config, readFile), logger });
}

function readFile(path: string): string {
  return readFileSync(path, 'utf8');
}

/** Everything that listens. */
interface Wires {
  readonly main: Listener;
  readonly front: HttpFront;
  readonly webSockets: ChateauSockets;
  readonly others: readonly (ListeningWire & Listener)[];
}

/** @throws ListenError, when nothing listens any more */
async function openWires(chat: Chat, config: Config, tls: TlsMaterial | undefined): Promise<Wires> {
  const { host, port, connectionsMax } = config;
  const webSockets = createChateauSockets(chat, { connectionsMax });
  const front = createHttpFront({
    upgrade: (...upgrade) => webSockets.handleUpgrade(...upgrade),
    origins: config.wsOrigins === '' ? [] : config.wsOrigins.split(',').map((origin) => origin.trim()),
    connectionsMax,
    clock: systemClock,
  });
  const http = (socket: Duplex): void => {
    front.accept(socket);
    // Node's HTTP server takes its sockets to be flowing.
    socket.resume();
  };
  const place = { host, port, hostFlag: 'host', portFlag: 'port', isOptional: false };
  const main = await listening(place, openCmapListener(chat, { host, port, connectionsMax, http, tls }));
  const others: (ListeningWire & Listener)[] = [];
  try {
    for (const wire of otherWires(chat, config, tls)) {
      if (wire.port === 'off') continue;
      const listener = await listening({ ...wire, port: wire.port, isOptional: true }, wire.open(wire.port));
      others.push({
        name: wire.name,
        host: wire.host,
        port: listener.port,
        close: () => listener.close(),
        destroy: () => listener.destroy(),
      });
    }
  } catch (cause) {
    for (const listener of [main, ...others]) listener.destroy();
    throw cause;
  }
  return { main, front, webSockets, others };
}

/** A wire with a port of its own, which may be off. */
interface OtherWire {
  readonly name: string;
  readonly host: string;
  readonly port: PortSetting;
  readonly hostFlag: string;
  readonly portFlag: string;
  readonly open: (port: number) => Promise<Listener>;
}

function otherWires(chat: Chat, config: Config, tls: TlsMaterial | undefined): readonly OtherWire[] {
  const { connectionsMax, chatbotHost, nickroomHost, nickroomHistoryMessages: historyMessages } = config;
  return [
    {
      name: 'gRPC',
      host: config.host,
      port: config.grpcPort,
      hostFlag: 'host',
      portFlag: 'grpc-port',
      open: (port) => openGrpcListener(chat, { host: config.host, port, connectionsMax, tls }),
    },
    {
      name: 'chatbot',
      host: chatbotHost,
      port: config.chatbotPort,
      hostFlag: 'chatbot-host',
      portFlag: 'chatbot-port',
      open: (port) => openChatbotListener(chat, { host: chatbotHost, port, connectionsMax }),
    },
    {
      name: 'nick room',
      host: nickroomHost,
      port: config.nickroomPort,
      hostFlag: 'nickroom-host',
      portFlag: 'nickroom-port',
      open: (port) => openNickroomListener(chat, { host: nickroomHost, port, connectionsMax, historyMessages }),
    },
  ];
}

/** @throws ListenError for Node's error of a listening socket */
async function listening(place: Place, opening: Promise<Listener>): Promise<Listener> {
  try {
    return await opening;
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    throw listenError(cause, place);
  }
}

async function closeWires({ main, front, webSockets, others }: Wires): Promise<void> {
  front.close();
  await Promise.all([main, webSockets, ...others].map((wire) => wire.close()));
}

/** The first signal closes in good order, the second at once: what was acknowledged is on disk either way. */
function closeOnSignal(stop: (signal: NodeJS.Signals) => Promise<void>): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(exitStatus.failed);
      isStopping = true;
      stop(signal).catch((error: unknown) => {
        console.error('chateau: not closed in good order:', error);
        process.exit(exitStatus.failed);
      });
    });
  }
}
