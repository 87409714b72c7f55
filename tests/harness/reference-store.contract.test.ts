/** The reference store keeps the contract of any store, but for what it does on purpose: a draft that throws is let
 *  through to the test, and a store that was closed can be asked what it holds. */

import { accountsContract } from '../../server/store/contract/accounts';
import { cursorsContract } from '../../server/store/contract/cursors';
import { devicesContract } from '../../server/store/contract/devices';
import { modelContract } from '../../server/store/contract/model';
import { readingContract } from '../../server/store/contract/reading';
import { retentionContract } from '../../server/store/contract/retention';
import { roomsContract } from '../../server/store/contract/rooms';
import type { OpenStore } from '../../server/store/contract/stage';
import { ReferenceStore } from './reference-store';

const open: OpenStore = async (options) => ({ store: new ReferenceStore(options) });

accountsContract(open);
cursorsContract(open);
devicesContract(open);
readingContract(open);
retentionContract(open);
roomsContract(open);
modelContract(open);
