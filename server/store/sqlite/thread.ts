/** The entry of a thread of the store. */

import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './serve';

if (parentPort === null) throw new Error('this is started as a worker thread');
serve(parentPort, workerData);
