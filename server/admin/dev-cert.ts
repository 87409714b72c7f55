/** A certificate for trying TLS out, signed by itself: whoever is to trust it needs its file. */

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface DevCertOptions {
  /** Names and addresses that clients connect by, besides localhost, 127.0.0.1 and ::1. */
  readonly hosts: readonly string[];
  /** Where the two files are written; made when it is not there. */
  readonly folder: string;
}

export interface DevCertFiles {
  readonly certPath: string;
  readonly keyPath: string;
}

/** Something is in the way, or cannot be written; nothing was written over. */
export class DevCertError extends Error {
  override readonly name = 'DevCertError';
}

/** How long the certificate is good for. */
export const validDays = 365;

/** Makes the two files; the key is for its owner alone.
 *  @throws DevCertError */
export async function writeDevCertificate({ hosts, folder }: DevCertOptions): Promise<DevCertFiles> {
  const files = { certPath: join(folder, 'tls-cert.pem'), keyPath: join(folder, 'tls-key.pem') };
  for (const path of [files.certPath, files.keyPath]) {
    if (existsSync(path)) throw new DevCertError(`${path} is there already: move it away, or choose another --folder`);
  }
  const { cert, private: key } = await generate([{ name: 'commonName', value: hosts[0] ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + validDays * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: ['localhost', '127.0.0.1', '::1', ...hosts].map(altName) },
    ],
  });
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(files.keyPath, key, { flag: 'wx', mode: 0o600 });
    try {
      writeFileSync(files.certPath, cert, { flag: 'wx' });
    } catch (cause) {
      // A key without its certificate would be in the way of the next try.
      rmSync(files.keyPath);
      throw cause;
    }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new DevCertError(`${folder} cannot be written: choose another --folder (${said})`, { cause });
  }
  return files;
}

/** In the words of the library: 7 an address, 2 a name. */
function altName(host: string): { type: 7; ip: string } | { type: 2; value: string } {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host };
}
