/** Every peer by its name. */

import { ejabberd } from './ejabberd';
import { mosquitto } from './mosquitto';
import { natsServer } from './nats-server';
import type { Peer } from './peer';
import { prosody } from './prosody';
import { redis } from './redis';

export const peers: readonly Peer[] = [mosquitto, prosody, ejabberd, natsServer, redis];
