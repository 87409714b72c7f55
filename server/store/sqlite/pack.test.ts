import fc from 'fast-check';
import type { AddressedMessage, Appended, Draft, LogId, Seq } from '../../core/ports';
import { RecordReader } from './chunk';
import { DraftReader, packDraft } from './draft-pack';
import { MessagePacker, unpackAddressed } from './message-pack';
import { OutcomeReader, packCommitted, packRefused, type Refusal, refusals } from './outcome-pack';
import { PackReader, PackWriter } from './pack';

const word = fc.stringMatching(/^[!-~]{1,64}$/);
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/, { size: 'max' });
const destination = fc.oneof(name, fc.stringMatching(/^#[A-Za-z0-9][A-Za-z0-9_.-]{0,253}$/, { size: 'max' }));
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const body = fc.uint8Array({ minLength: 1, maxLength: 300 });

test('drafts come out of a pack as they went in, in order, however small it began', () => {
  const draft = fc.record({
    at: id,
    senderId: id,
    from: name,
    to: destination,
    key: fc.option(word, { nil: undefined }),
    body,
  });
  const property = fc.property(fc.array(draft, { maxLength: 30 }), fc.nat(100), (drafts, bytesInitial) => {
    const pack = new PackWriter(bytesInitial);
    for (const each of drafts) packDraft(pack, each as unknown as Draft);
    const reader = new DraftReader(pack.buffer, pack.length);
    const unpacked = drafts.map(() => {
      reader.next();
      const { senderId, to, key } = reader;
      const record = new RecordReader(reader.record, 1);
      expect([record.next(), record.end]).toEqual([true, reader.record.length]);
      return { at: record.at, senderId, from: record.from, to, key, body: new Uint8Array(reader.body) };
    });
    expect(unpacked).toEqual(drafts);
  });
  fc.assert(property, { numRuns: 50 });
});

test('each draft is told its own outcome, with its own spelling replaced where it differs', () => {
  const stored = fc.record({ log: id, seq: id, repeated: fc.boolean(), name: destination, to: destination });
  const outcome = fc.oneof(
    stored,
    stored.map((each) => ({ ...each, to: each.name })),
    fc.constantFrom(...refusals),
  );
  const property = fc.property(fc.array(outcome), (outcomes) => {
    const pack = new PackWriter(1);
    for (const each of outcomes) {
      if (typeof each === 'string') packRefused(pack, each);
      else packCommitted(pack, { ...each, log: each.log as LogId, seq: each.seq as Seq });
    }
    const reader = new OutcomeReader(pack.buffer, pack.length);
    expect(outcomes.map((each) => told(reader, typeof each === 'string' ? '' : each.to))).toEqual(
      outcomes.map((each) => (typeof each === 'string' ? each : appended(each))),
    );
  });
  fc.assert(property);
});

test('messages come out of a page of a conversation as they went in', () => {
  const message = fc.record({ seq: id, at: id, from: name, to: destination, body });
  const property = fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
    const packer = new MessagePacker();
    for (const each of messages) packer.add(each as unknown as AddressedMessage);
    expect(unpackAddressed(packer.take())).toEqual(messages);
  });
  fc.assert(property, { numRuns: 50 });
});

test('integers come out as they went in, as far as a number can hold them', () => {
  const property = fc.property(fc.maxSafeInteger(), (value) => {
    const pack = new PackWriter(8);
    pack.i64(value);
    expect(Buffer.from(pack.buffer).readBigInt64BE()).toBe(BigInt(value));
  });
  fc.assert(property);
});

test('a body of the largest size fits a pack that began small', () => {
  const pack = new PackWriter(16);
  const largest = new Uint8Array(65_536).fill(7);
  pack.reserve(4 + largest.length);
  pack.body(largest);
  expect(Buffer.compare(new PackReader(pack.buffer, pack.length).body(), largest)).toBe(0);
});

test('a pack that is cut short is an error, and not a wrong value', () => {
  const pack = new PackWriter(16);
  pack.f64(1);
  expect(() => new PackReader(pack.buffer, 7).f64()).toThrow(RangeError);
});

function appended({ log, seq, repeated, name: to }: { log: number; seq: number; repeated: boolean; name: string }) {
  return { log, seq, repeated, to };
}

function told(reader: OutcomeReader, to: string): Appended | Refusal {
  const tellings: (Appended | string)[] = [];
  const tell = (telling: Appended | string): number => tellings.push(telling);
  reader.settle({ to, committed: tell, refused: tell } as unknown as Draft);
  expect(tellings).toHaveLength(1);
  return tellings[0] as Appended | Refusal;
}
