/** The messages of `chat.proto` as they stand in the code. A field that was not sent has its proto3 default. */

export interface AccountRequest {
  readonly username: string;
  readonly password: string;
  readonly device: string;
  readonly ack: boolean;
  readonly takeover: boolean;
  readonly token_only: boolean;
}

export interface UserRequest {
  readonly username: string;
}

export interface SendRequest {
  readonly fromUsername: string;
  readonly toUsername: string;
  readonly message: string;
  readonly key: string;
}

export interface ListRequest {
  readonly search_term?: string;
}

export interface AckRequest {
  readonly log: string;
  /** 64 bits in decimal. */
  readonly seq: string;
}

/** A message on its way to a client. */
export interface ChatMessage {
  readonly fromUsername: string;
  readonly toUsername: string;
  readonly message: string;
  readonly seq: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  readonly log: string;
}

/** An account in a listing. */
export interface ListedAccount {
  readonly username: string;
}

/** The answer to a call. Existing clients print `message` whatever the result, so none is without one. */
export interface CommonResponse {
  readonly success: boolean;
  readonly message: string;
  readonly code?: string;
  readonly seq?: number;
  readonly undelivered?: number;
}
