/** A connection that breaks at the worst moment, whichever that is. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** Passes on what a client and a server say, and cuts both off after so many packets. */
export class CuttingProxy {
  /** How many were made to it. */
  connections = 0;
  /** What was said by both. */
  heard = '';

  private constructor(private readonly server: Server) {}

  /** Listens on a free port. */
  static async open(targetPort: number, packets: number): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server);
    let passed = 0;
    server.on('connection', (near) => {
      proxy.connections += 1;
      const far = connect(targetPort, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('error', () => undefined).on('close', () => to.destroy());
        from.on('data', (bytes) => {
          proxy.heard += bytes.toString('latin1');
          passed += 1;
          if (passed <= packets) to.write(bytes);
          else for (const socket of [near, far]) socket.destroy();
        });
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
  }
}
