/** A connection of a device, on the wire that it speaks. */

import { ChatbotConnection } from './chatbot-connection';
import { ChateauConnection } from './chateau-connection';
import { ClassicConnection } from './classic-connection';
import { NickroomConnection } from './nickroom-connection';
import type { WireConnection, WireConnectionNeeds } from './wire-connection';

export function openWire(needs: WireConnectionNeeds): WireConnection {
  switch (needs.device.wire) {
    case 'classic':
      return new ClassicConnection(needs);
    case 'chateau':
      return new ChateauConnection(needs);
    case 'chatbot':
      return new ChatbotConnection(needs);
    case 'nickroom':
      return new NickroomConnection(needs);
    case 'grpc': {
      // Only its own processes have to load that library.
      const { GrpcConnection } = require('./grpc-connection') as typeof import('./grpc-connection');
      return new GrpcConnection(needs);
    }
    case 'cmap':
      throw new Error('devices that speak cmap use the client library');
  }
}
