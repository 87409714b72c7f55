/** An LDAP directory as the core's {@link Directory}. */

import { ChatError } from '../../../shared/errors';
import type { Directory } from '../../core/directory';
import type { Logger } from '../../core/ports';
import type { LdapAnswer } from './answer';
import { type LdapBounds, ldapBounds } from './bounds';
import { askDirectory } from './question';
import type { LdapSettings } from './settings';

export interface LdapDirectoryNeeds {
  readonly settings: LdapSettings;
  readonly logger: Logger;
  readonly bounds?: LdapBounds;
}

/** Each check is a question on a connection of its own: a directory that was restarted is asked anew, and no bind is ever
 *  somebody else's. */
export function createLdapDirectory({ settings, logger, bounds = ldapBounds }: LdapDirectoryNeeds): Directory {
  let asking = 0;
  return {
    async check(username, password) {
      if (asking >= bounds.questionsMax) throw new ChatError('busy');
      asking += 1;
      let answer: LdapAnswer;
      try {
        answer = await askDirectory(settings, bounds, username, password);
      } finally {
        asking -= 1;
      }
      return isYes(answer, username, logger);
    },
  };
}

/** @throws ChatError directory_unavailable */
function isYes(answer: LdapAnswer, username: string, logger: Logger): boolean {
  switch (answer.kind) {
    case 'accepted':
      return true;
    case 'unknown':
    case 'password_empty':
      return false;
    case 'refused':
      logger.info('directory_refused', { username, reason: answer.reason });
      return false;
    case 'ambiguous':
      logger.warn('directory_ambiguous', { username });
      return false;
    case 'unavailable':
      logger.warn('directory_unavailable', { reason: answer.reason });
      throw new ChatError('directory_unavailable');
  }
}
