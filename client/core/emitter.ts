/** Typed events, without Node's. */

type Listener<Args extends unknown[]> = (...args: Args) => void;

/** Calls listeners in the order in which they were added. */
export class Emitter<Events extends { [Name in keyof Events]: unknown[] }> {
  private readonly listeners: { [Name in keyof Events]?: Listener<Events[Name]>[] } = {};

  on<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): void {
    this.listeners[event] = [...(this.listeners[event] ?? []), listener];
  }

  /** Takes one registration of `listener` back; one that is not there is ignored. */
  off<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): void {
    const listeners = this.listeners[event] ?? [];
    const index = listeners.indexOf(listener);
    if (index !== -1) this.listeners[event] = listeners.toSpliced(index, 1);
  }

  once<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): void {
    const first: Listener<Events[Name]> = (...args) => {
      this.off(event, first);
      listener(...args);
    };
    this.on(event, first);
  }

  /** A listener that throws is a bug of whoever added it: the error surfaces as uncaught, and the others and the
   *  connection that is just being read go on undisturbed. */
  emit<Name extends keyof Events>(event: Name, ...args: Events[Name]): void {
    for (const listener of this.listeners[event] ?? []) {
      try {
        listener(...args);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
