/** A server with one fault, which the environment names: see sabotage.ts. For tests only. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openHashPool } from '../../server/auth/hash-pool';
import { createPasswordHasher } from '../../server/auth/password-hasher';
import { createLocalBus } from '../../server/bus/local/local-bus';
import { systemChance } from '../../server/chance';
import { systemClock } from '../../server/clock';
import { readConfig } from '../../server/config';
import { createChat } from '../../server/core/chat';
import { createLogger } from '../../server/logger';
import { openCmapListener } from '../../server/protocols/cmap/listener';
import { openSqliteStore } from '../../server/store/sqlite/store';
import { type Sabotage, sabotages, sabotageVariable } from './sabotage';

void main();

async function main(): Promise<void> {
  const startup = readConfig(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8'));
  if (startup.kind !== 'run') throw new Error('the torture gives a server good flags');
  const { config } = startup;
  const logger = createLogger(config.logLevel);
  const store = await openSqliteStore({
    path: config.database,
    migrationsFolder: join(__dirname, '..', '..', 'migrations', 'sqlite'),
    mailboxMessagesMax: config.mailboxMessagesMax,
    logger,
  });
  sabotages[process.env[sabotageVariable] as Sabotage](store.logs);
  const hasher = createPasswordHasher({ pool: openHashPool({ logger }), cost: config.bcryptCost });
  const chat = createChat(
    { store, bus: createLocalBus({ logger }), clock: systemClock, chance: systemChance, hasher, logger },
    { sessionsPerAccountMax: config.sessionsPerAccountMax },
  );
  const { port } = await openCmapListener(chat, config);
  console.log(`chateau, sabotaged, listens on ${config.host} port ${port}`);
}
