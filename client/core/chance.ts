/** Randomness, as the client needs it: a port, so that a test can choose what comes up. */

export interface Chance {
  /** From 0 up to, and without, 1. */
  fraction(): number;
  /** Visible ASCII that nobody has drawn before, at most 32 characters: what the keys of one client begin with. */
  keyPrefix(): string;
}

/** 96 random bits: two clients that draw the same are not to be expected in the lifetime of anything. */
const prefixBytes = 12;

/** The machine's randomness. */
export const systemChance: Chance = {
  fraction: () => Math.random(),
  keyPrefix() {
    const bytes = crypto.getRandomValues(new Uint8Array(prefixBytes));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
};
