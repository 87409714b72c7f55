import type { Username } from '../../shared/names';
import { Feed, type FeedSession } from './feed';
import { Followers } from './followers';
import type { LogId, Message, Seq, UnixMs } from './ports';

const log = 1 as LogId;
const message: Message = { seq: 1 as Seq, at: 0 as UnixMs, from: 'alice' as Username, body: new Uint8Array(1) };

/** A feed of a session of its own, and how often it was nudged. */
function follower(of: LogId, onNudge: () => void = () => {}, account = 7) {
  const nudges: Seq[] = [];
  const session = {
    account: { id: account },
    nudge: (_feed: Feed, { seq }: Message) => {
      nudges.push(seq);
      onNudge();
    },
  } as unknown as FeedSession;
  return { nudges, feed: new Feed(session, { log: of, name: 'bob' as Username, cursor: 0 as Seq }) };
}

test('a nudge reaches everybody who follows its log, and nobody else', () => {
  const followers = new Followers();
  const [first, second, other] = [follower(log), follower(log), follower(2 as LogId)];
  for (const { feed } of [first, second, other]) followers.add(feed);
  followers.nudge({ log, message });
  followers.nudge({ log: 3 as LogId, message });
  expect([first.nudges, second.nudges, other.nudges]).toEqual([[1], [1], []]);
});

test('who stops following is nudged no more, also when another stops because of a nudge', () => {
  const followers = new Followers();
  const leaving = follower(log, () => followers.remove(leaving.feed));
  const staying = follower(log);
  followers.add(leaving.feed);
  followers.add(staying.feed);
  followers.nudge({ log, message });
  followers.nudge({ log, message });
  expect(leaving.nudges).toHaveLength(1);
  expect(staying.nudges).toHaveLength(2);
});

test('a log has another follower when a session of another account follows it', () => {
  const followers = new Followers();
  const first = follower(log);
  followers.add(first.feed);
  followers.add(follower(log).feed);
  expect(followers.hasOther(log, first.feed.session.account.id)).toBe(false);
});

test('a log has a follower while somebody follows it', () => {
  const followers = new Followers();
  const [first, second] = [follower(log), follower(log, undefined, 8)];
  expect(followers.hasOther(log, undefined)).toBe(false);
  followers.add(first.feed);
  expect(followers.hasOther(log, undefined)).toBe(true);
  expect(followers.hasOther(log, first.feed.session.account.id)).toBe(false);
  followers.add(second.feed);
  expect(followers.hasOther(log, first.feed.session.account.id)).toBe(true);
  followers.remove(first.feed);
  followers.remove(second.feed);
  followers.remove(second.feed);
  expect(followers.hasOther(log, undefined)).toBe(false);
});
