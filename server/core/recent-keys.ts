/** The keyed messages that a guest was sent last: one that is repeated is not a second message. */

import type { AccountId, Message } from './ports';

export class RecentKeys {
  private readonly messages = new Map<string, Message>();
  private bytes = 0;

  /** At most so many messages and bytes of bodies are remembered, 1 or more of each; the oldest go first. */
  constructor(private readonly options: { readonly messagesMax: number; readonly bytesMax: number }) {}

  /** The message that this sender has used the key for, as far as it is remembered. */
  find(sender: AccountId, key: string): Message | undefined {
    return this.messages.get(nameOf(sender, key));
  }

  add(sender: AccountId, key: string, message: Message): void {
    this.messages.set(nameOf(sender, key), message);
    this.bytes += message.body.length;
    const { messagesMax, bytesMax } = this.options;
    for (const [name, { body }] of this.messages) {
      if (this.messages.size <= messagesMax && this.bytes <= bytesMax) return;
      this.messages.delete(name);
      this.bytes -= body.length;
    }
  }
}

function nameOf(sender: AccountId, key: string): string {
  return `${sender} ${key}`;
}
