/** Why a store could not be opened, in one sentence that says what to do: for whoever starts the server. */

/** Its message stands alone: it is printed without a stack trace. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
}
