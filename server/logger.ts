/** Structured logs with pino, as the core's {@link Logger}: one JSON object per line. */

import pino from 'pino';
import type { Logger } from './core/ports';

/** From everything to nothing. A level includes those after it. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What waits while nobody reads stderr, in bytes; beyond it new lines are dropped, so that a stuck log
 *  collector costs neither memory nor a blocked main thread. */
const pendingBytesMax = 1_048_576;

const stderrFd = 2;

/** Names of facts that must not be logged. A caller that passes one made a mistake; this keeps it harmless. */
const secrets = ['password', 'passwordHash', 'body'];

/** A logger that writes `{"level","time","msg",…facts}` lines to stderr; stdout is left to the start banner.
 *
 *  **Never a password, a password hash or a message body.** Callers pass names, counts, codes and durations;
 *  facts that carry a secret's name, at the top or one level down, come out as `[withheld]`.
 *
 *  An error's cause is logged with its type, message, stack, code and causes, as `err`. Lines are written without
 *  blocking, in order, and flushed when the process exits; SIGKILL loses the last few. While they cannot be written (the
 *  terminal was closed, the disk is full) the server goes on without them.
 *  @param destination where lines go instead of stderr, for tests */
export function createLogger(level: LogLevel, destination?: pino.DestinationStream): Logger {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.errWithCause },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[withheld]' },
    },
    destination ?? openStderr(),
  );
  return {
    info: (event, facts) => log.info(facts, event),
    warn: (event, facts) => log.warn(facts, event),
    error: (event, cause, facts) => log.error({ ...facts, err: cause }, event),
  };
}

function openStderr(): pino.DestinationStream {
  const stderr = pino.destination({ dest: stderrFd, sync: false, maxLength: pendingBytesMax });
  let isBroken = false;
  stderr.on('error', () => {
    isBroken = true;
  });
  stderr.on('drain', () => {
    isBroken = false;
  });
  // By itself it would try for ever, and the process would never exit.
  const flushSync = stderr.flushSync.bind(stderr);
  stderr.flushSync = () => {
    if (!isBroken) flushSync();
  };
  return stderr;
}
