/** The server program: the only file that knows every part. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../package.json';
import { bounds } from '../shared/limits';
import { openHashPool } from './auth/hash-pool';
import { createPasswordHasher } from './auth/password-hasher';
import { createLocalBus } from './bus/local/local-bus';
import { systemChance } from './chance';
import { systemClock } from './clock';
import { type Config, readConfig } from './config';
import { createChat } from './core/chat';
import { Retention } from './core/retention';
import { createLogger } from './logger';
import { openCmapListener } from './protocols/cmap/listener';
import type { TcpListener } from './protocols/tcp-listener';
import { ListenError, listenError } from './startup-failure';
import { StoreOpenError } from './store/open-error';
import { openSqliteStore } from './store/sqlite/store';

const exitStatus = { ok: 0, failed: 1, misused: 2 } as const;
const migrationsFolder = join(__dirname, '..', 'migrations', 'sqlite');

void main();

async function main(): Promise<void> {
  const startup = readConfig(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8'));
  if (startup.kind === 'print') {
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
    if (!(error instanceof ListenError || error instanceof StoreOpenError)) throw error;
    console.error(`chateau: ${error.message}`);
    process.exit(exitStatus.failed);
  }
}

async function run(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  const store = await openSqliteStore({
    path: config.memory ? ':memory:' : config.database,
    migrationsFolder,
    mailboxMessagesMax: config.mailboxMessagesMax,
    logger,
  });
  const hasher = createPasswordHasher({ pool: openHashPool({ logger }), cost: config.bcryptCost });
  const bus = createLocalBus({ logger });
  const chat = createChat(
    { store, bus, clock: systemClock, chance: systemChance, hasher, logger },
    { sessionsPerAccountMax: config.sessionsPerAccountMax },
  );
  const retention = new Retention(
    { store: store.retention, clock: systemClock, logger, devicesInUse: chat.devicesInUse },
    { historyDays: config.historyDays },
  );
  let listener: TcpListener;
  try {
    listener = await openCmapListener(chat, config);
  } catch (cause) {
    await store.close();
    throw listenError(cause, config.host, config.port);
  }
  retention.start();
  greet(config, listener.port);
  logger.info('started', { host: config.host, port: listener.port });

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info('stopping', { signal });
    console.log(`Closing within ${bounds.closingMs / 1_000} s; Ctrl-C again closes at once.`);
    await listener.close();
    await retention.close();
    await chat.close();
    await Promise.all([bus.close(), hasher.close()]);
    await store.close();
    logger.info('stopped');
    process.exit(exitStatus.ok);
  };
  closeOnSignal(stop);
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

/** On stdout, for people: what listens where, and how to begin. */
function greet(config: Config, port: number): void {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  const client = `npm run client${port === 8888 && host === '127.0.0.1' ? '' : ` -- --host ${host} --port ${port}`}`;
  const kept = config.memory ? 'nothing is kept after it stops' : `accounts and messages in ${config.database}`;
  console.log(
    [
      `chateau ${version} listens on ${config.host} port ${port}; ${kept}`,
      '',
      `  ${client.padEnd(34)} chat in a terminal`,
      `  ${`nc ${host} ${port}`.padEnd(34)} the same by hand: create alice pw, login alice pw, send bob hi`,
      '',
      'Ctrl-C stops it.',
    ].join('\n'),
  );
}
