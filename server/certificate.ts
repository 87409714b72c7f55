/** The certificate that the server shows, from its two files, which may be exchanged while it runs. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Logger } from './core/ports';
import { FileError, readNamed } from './named-file';
import type { KeyPair, TlsMaterial } from './protocols/tls-material';

export interface CertificateFiles {
  readonly certPath: string;
  readonly keyPath: string;
}

export interface CertificateNeeds extends CertificateFiles {
  /** The text of a file. Throws as `fs.readFileSync` does. */
  readonly readFile: (path: string) => string;
  readonly logger: Logger;
}

/** A certificate that cannot be used, and what to do about it. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

export class Certificate implements TlsMaterial {
  private pair: KeyPair;
  private readonly listeners: (() => void)[] = [];

  /** @throws CertificateError, FileError */
  constructor(private readonly needs: CertificateNeeds) {
    this.pair = readPair(needs);
  }

  get current(): KeyPair {
    return this.pair;
  }

  onReload(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Reads the files again. If they cannot be used, what was there stays in use, and the log says why. */
  reload(): void {
    const { logger, certPath } = this.needs;
    try {
      this.pair = readPair(this.needs);
    } catch (cause) {
      if (!(cause instanceof CertificateError || cause instanceof FileError)) throw cause;
      logger.error('certificate_not_reloaded', cause);
      return;
    }
    for (const listener of this.listeners) listener();
    logger.info('certificate_reloaded', { path: certPath, until: new X509Certificate(this.pair.cert).validTo });
  }
}

function readPair({ certPath, keyPath, readFile }: CertificateNeeds): KeyPair {
  const cert = readNamed(readFile, 'tls-cert', certPath);
  const key = readNamed(readFile, 'tls-key', keyPath);
  const certificate = understood(() => new X509Certificate(cert));
  if (certificate === undefined) {
    throw new CertificateError(`${certPath} is no certificate in PEM: name one with --tls-cert`);
  }
  const privateKey = understood(() => createPrivateKey(key));
  if (privateKey === undefined) {
    throw new CertificateError(`${keyPath} is no private key in PEM without a passphrase: name one with --tls-key`);
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateError(`the key in ${keyPath} is not that of the certificate in ${certPath}`);
  }
  requireWhole(certPath, { cert, key });
  return { cert, key };
}

/** Node, too, reads what follows the certificate, which breaks off when the file is still being copied.
 *  @throws CertificateError */
function requireWhole(certPath: string, pair: KeyPair): void {
  try {
    createSecureContext({ ...pair, minVersion: 'TLSv1.2' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CertificateError(`the certificates in ${certPath} cannot be used: ${reason}`, { cause });
  }
}

function understood<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
