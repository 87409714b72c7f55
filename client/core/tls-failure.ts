/** Why TLS could not begin, for somebody who wants to chat. */

/** The sentence for Node's error of a handshake; undefined for an error that is none of TLS. */
export function tlsFailure(error: {
  readonly code?: string | undefined;
  readonly message: string;
}): string | undefined {
  const code = error.code ?? '';
  // The server hung up on the hello, and Node says so in words only.
  if (code === 'ECONNRESET') return 'it ended the connection before TLS began: perhaps it has no certificate';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return 'what answers there does not speak TLS that is understood here';
  return sentences[code];
}

const unknownAuthority = 'its certificate is from an authority that is not trusted here';

const sentences: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself, and not one that is trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  CERT_SIGNATURE_FAILURE: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: connect by a name that is in it',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: is the clock of this machine right?',
};
