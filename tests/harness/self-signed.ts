/** Certificates that tests make for themselves. */

import { generate } from 'selfsigned';

export interface SelfSigned {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

export interface SelfSignedOptions {
  /** Host names that it is for. */
  readonly names?: readonly string[];
  /** IP addresses that it is for. */
  readonly addresses?: readonly string[];
  readonly from?: Date;
  readonly until?: Date;
}

/** A certificate for 127.0.0.1 and localhost, unless it is to be for others. */
export async function selfSigned(options: SelfSignedOptions = {}): Promise<SelfSigned> {
  const { names = ['localhost'], addresses = ['127.0.0.1'], from, until } = options;
  const altNames = [
    ...names.map((value) => ({ type: 2 as const, value })),
    ...addresses.map((ip) => ({ type: 7 as const, ip })),
  ];
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'chateau test' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(from === undefined ? {} : { notBeforeDate: from }),
    ...(until === undefined ? {} : { notAfterDate: until }),
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  return { cert, key };
}
