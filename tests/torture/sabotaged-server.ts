/** A server with one fault, which the environment names: see sabotage.ts. For tests only. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { openHashPool } from '../../server/auth/hash-pool';
import { createPasswordHasher } from '../../server/auth/password-hasher';
import { createLocalBus } from '../../server/bus/local/local-bus';
import { systemChance } from '../../server/chance';
import { systemClock } from '../../server/clock';
import { type Config, readConfig } from '../../server/config';
import { type Chat, createChat } from '../../server/core/chat';
import { createHttpFront } from '../../server/http/http-server';
import { createLogger } from '../../server/logger';
import { openChatbotListener } from '../../server/protocols/chatbot/listener';
import { createChateauSockets } from '../../server/protocols/chateau/listener';
import { openCmapListener } from '../../server/protocols/cmap/listener';
import { openGrpcListener } from '../../server/protocols/grpc/listener';
import { openNickroomListener } from '../../server/protocols/nickroom/listener';
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
    migrationsFolder: join(__dirname, '..', 'migrations', 'sqlite'),
    mailboxMessagesMax: config.mailboxMessagesMax,
    logger,
  });
  sabotages[process.env[sabotageVariable] as Sabotage](store.logs);
  const hasher = createPasswordHasher({ pool: openHashPool({ logger }), cost: config.bcryptCost });
  const chat = createChat(
    { store, bus: createLocalBus({ logger }), clock: systemClock, chance: systemChance, hasher, logger },
    { sessionsPerAccountMax: config.sessionsPerAccountMax },
  );
  await openWires(chat, config);
  console.log(`chateau, sabotaged, listens on ${config.host} port ${config.port}`);
}

async function openWires(chat: Chat, config: Config): Promise<void> {
  const { host, port, connectionsMax, grpcPort, chatbotPort, nickroomPort } = config;
  const webSockets = createChateauSockets(chat, { connectionsMax });
  const front = createHttpFront({
    upgrade: (...upgrade) => webSockets.handleUpgrade(...upgrade),
    origins: [],
    connectionsMax,
    clock: systemClock,
  });
  const http = (socket: Duplex): void => {
    front.accept(socket);
    socket.resume();
  };
  await openCmapListener(chat, { host, port, connectionsMax, http, tls: undefined });
  if (grpcPort !== 'off') await openGrpcListener(chat, { host, port: grpcPort, connectionsMax, tls: undefined });
  if (chatbotPort !== 'off') await openChatbotListener(chat, { host, port: chatbotPort, connectionsMax });
  if (nickroomPort === 'off') return;
  const historyMessages = config.nickroomHistoryMessages;
  await openNickroomListener(chat, { host, port: nickroomPort, connectionsMax, historyMessages });
}
