/** What changes accounts, inside the transaction of a batch. Each breaks its rule before it has changed anything. */

import type { Database } from 'better-sqlite3';
import { ChatError } from '../../../shared/errors';
import { nameKey, type Username } from '../../../shared/names';
import { type Account, type AccountId, type LogId, mailboxOf, type UnixMs } from '../../core/ports';
import type { Destinations } from './destinations';
import type { Pruner } from './pruner';

/** Makes, changes and removes accounts, and what they block. */
export class AccountWrites {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(
    db: Database,
    private readonly destinations: Destinations,
    private readonly pruner: Pruner,
  ) {
    this.statements = prepareStatements(db);
  }

  /** @throws ChatError name_taken */
  create(name: Username, passwordHash: string | undefined, at: UnixMs): Account {
    if (this.statements.idOf.get(nameKey(name)) !== undefined) throw new ChatError('name_taken', { name });
    const id = Number(this.statements.insertLog.run().lastInsertRowid) as AccountId;
    this.statements.insert.run(id, name, nameKey(name), passwordHash ?? null, at);
    this.statements.insertCursor.run(id, mailboxOf(id));
    return { id, name };
  }

  /** @throws ChatError account_unknown */
  setPassword(account: AccountId, passwordHash: string): void {
    if (this.statements.setPassword.run(passwordHash, account).changes === 0) throw new ChatError('account_unknown');
  }

  /** @throws ChatError account_unknown */
  seal(account: AccountId): void {
    this.require(account);
    this.destinations.seal(mailboxOf(account));
  }

  unseal(account: AccountId): void {
    this.destinations.unseal(mailboxOf(account));
  }

  /** One that is gone already is left alone. What is more than a short write can take of its mailbox is left to
   *  {@link Pruner.prune}. */
  remove(account: AccountId): void {
    for (const room of this.statements.roomsOf.all(account)) this.destinations.forget(room as LogId);
    this.destinations.forget(mailboxOf(account));
    this.destinations.unseal(mailboxOf(account));
    if (this.statements.remove.run(account).changes > 0) this.pruner.removeLog(mailboxOf(account));
  }

  /** @throws ChatError account_unknown */
  block(owner: AccountId, other: Username): void {
    this.require(owner);
    const blocked = this.named(other);
    this.statements.block.run(owner, blocked);
    this.destinations.setListed(mailboxOf(owner), blocked, true);
  }

  /** @throws ChatError account_unknown */
  unblock(owner: AccountId, other: Username): void {
    this.require(owner);
    const blocked = this.named(other);
    this.statements.unblock.run(owner, blocked);
    this.destinations.setListed(mailboxOf(owner), blocked, false);
  }

  private require(account: AccountId): void {
    if (this.statements.exists.get(account) === undefined) throw new ChatError('account_unknown');
  }

  private named(name: Username): AccountId {
    const id = this.statements.idOf.get(nameKey(name));
    if (id === undefined) throw new ChatError('account_unknown', { name });
    return id as AccountId;
  }
}

function prepareStatements(db: Database) {
  return {
    idOf: db.prepare('SELECT id FROM accounts WHERE name_key = ?').pluck(),
    exists: db.prepare('SELECT 1 FROM accounts WHERE id = ?').pluck(),
    roomsOf: db.prepare('SELECT room FROM members WHERE account = ?').pluck(),
    insertLog: db.prepare('INSERT INTO logs (head) VALUES (0)'),
    insert: db.prepare('INSERT INTO accounts (id, name, name_key, password_hash, created_at) VALUES (?, ?, ?, ?, ?)'),
    insertCursor: db.prepare("INSERT INTO cursors (account, device, log, seq) VALUES (?, '', ?, 0)"),
    setPassword: db.prepare('UPDATE accounts SET password_hash = ? WHERE id = ?'),
    // Cursors, devices, memberships and blocks go with it.
    remove: db.prepare('DELETE FROM accounts WHERE id = ?'),
    block: db.prepare('INSERT INTO blocks (owner, blocked) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    unblock: db.prepare('DELETE FROM blocks WHERE owner = ? AND blocked = ?'),
  };
}
