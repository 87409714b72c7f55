/** Resolves once every promise that can go on has gone on: what is left waits for the test. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
