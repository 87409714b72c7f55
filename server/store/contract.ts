/** What a correct {@link Store} does. Each implementation runs this suite against itself. */

import { accountsContract } from './contract/accounts';
import { cursorsContract } from './contract/cursors';
import { devicesContract } from './contract/devices';
import { keepingContract } from './contract/keeping';
import { modelContract } from './contract/model';
import { readingContract } from './contract/reading';
import { retentionContract } from './contract/retention';
import { roomsContract } from './contract/rooms';
import { sendingContract } from './contract/sending';
import type { OpenStore } from './contract/stage';

export { type OpenedStore, type OpenStore, Stage } from './contract/stage';

/** Declares the tests of the store `name`. `open` is called some ten times and each time gives one that is new and empty;
 *  the suite closes it. */
export function storeContract(name: string, open: OpenStore): void {
  describe(name, () => {
    accountsContract(open);
    sendingContract(open);
    readingContract(open);
    cursorsContract(open);
    roomsContract(open);
    devicesContract(open);
    retentionContract(open);
    keepingContract(open);
    modelContract(open);
  });
}
