/** A server in this process that speaks the chatbot wire, and its clients. */

import { openChatbotListener } from '../../server/protocols/chatbot/listener';
import type { TcpListener } from '../../server/protocols/tcp-listener';
import { World } from '../harness/world';
import { ChatbotClient } from './chatbot-client';
import { comesTrue } from './comes-true';

/** Connections that it takes at once. */
export const connectionsMax = 20;

export class ChatbotStage {
  private readonly clients: ChatbotClient[] = [];

  private constructor(
    readonly world: World,
    readonly listener: TcpListener,
  ) {}

  static async open(): Promise<ChatbotStage> {
    const world = new World();
    const listener = await openChatbotListener(world.chat, { host: '127.0.0.1', port: 0, connectionsMax });
    return new ChatbotStage(world, listener);
  }

  close(): void {
    for (const { bytes } of this.clients.splice(0)) bytes.close();
    this.listener.destroy();
  }

  async connect(): Promise<ChatbotClient> {
    const client = await ChatbotClient.connect(this.listener.port);
    this.clients.push(client);
    return client;
  }

  /** A new account, entered. */
  async created(name: string): Promise<ChatbotClient> {
    const client = await this.connect();
    expect(await client.ask('CREATE', name)).toBe('RESPONSE');
    return client;
  }

  async entered(name: string): Promise<ChatbotClient> {
    const client = await this.connect();
    expect(await client.ask('LOGIN', name)).toBe('RESPONSE');
    return client;
  }

  /** Closes the connection of an account; resolves once the server knows that it is gone. */
  async leave(client: ChatbotClient): Promise<void> {
    const before = this.onlineCount();
    client.bytes.close();
    await comesTrue(() => this.onlineCount() < before);
  }

  private onlineCount(): number {
    return this.world.chat.accounts.who(undefined).names.length;
  }
}
