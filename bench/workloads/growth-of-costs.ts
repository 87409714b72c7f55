/** Growth of costs: every request of cmap at two sizes of what its cost may depend on, one ten times the other. */

import { fillAccounts } from '../chateau-filling';
import { startChateau } from '../contestants/chateau';
import { accountCases } from '../costs/account-cases';
import { CostLedger, type Scale } from '../costs/cost-ledger';
import { sentenceOf } from '../costs/cost-table';
import type { GrowthCase } from '../costs/growth-case';
import { type CostRow, growthFactor, verdictOf } from '../costs/judgement';
import { memberCases } from '../costs/member-cases';
import { messageCases } from '../costs/message-cases';
import { roomCases } from '../costs/room-cases';
import { sampleCost } from '../costs/sampler';
import { accountsCases, accountsThere, onlineCases, sessionsOnline } from '../costs/server-cases';
import { Site } from '../costs/site';
import type { Peer } from '../peers/peer';
import type { Scene, SceneOptions, Stage } from '../stage';
import { accountNames } from './listing';

const sessionsPerAccountMax = 100;
const connectionsMax = 8_000;

/** Cases whose two sizes may be beside each other on one server. */
const besideEachOther: readonly GrowthCase[] = [...messageCases, ...accountCases, ...roomCases];

/** All cases, each with as many samples at each size as there are runs; only of this server. */
export async function growthOfCosts(stage: Stage, peer: Peer): Promise<CostRow[]> {
  const ledger = new CostLedger();
  const title = 'growth-of-costs';
  const cases = (which: readonly GrowthCase[]) => new Trial(stage, ledger, which);
  await onServer(stage, peer, `${title}, data`, 16_000, async (site, pid) => {
    await cases(besideEachOther).inTurn(site, pid);
  });
  await onServer(stage, peer, `${title}, members online`, 12_000, async (site, pid) => {
    await cases(memberCases).inTurn(site, pid);
  });
  const { runs } = stage.options;
  const onlinePool = sessionsOnline * growthFactor + 2_000 * (runs + 3);
  await onServer(stage, peer, `${title}, sessions online`, onlinePool, async (site, pid) => {
    const trial = cases(onlineCases);
    await site.once('small crowd', async () => site.loginAll(site.accounts(sessionsOnline)));
    await trial.all(site, pid, 'small');
    const more = sessionsOnline * (growthFactor - 1);
    await site.once('large crowd', async () => site.loginAll(site.accounts(more)));
    await trial.all(site, pid, 'large');
  });
  for (const scale of ['small', 'large'] as const) {
    const pool = 300 * (runs + 3);
    const count = scale === 'small' ? accountsThere : accountsThere * growthFactor;
    const fill: SceneOptions['start'] = (options) =>
      startChateau({
        ...options,
        sessionsPerAccountMax,
        fill: (store) => fillAccounts(store, accountNames(count - pool)),
      });
    const play = (site: Site, pid: number) => cases(accountsCases).all(site, pid, scale);
    await onServer(stage, peer, `${title}, ${count} accounts`, pool, play, fill);
  }
  return ledger.rows();
}

async function onServer(
  stage: Stage,
  peer: Peer,
  title: string,
  accounts: number,
  play: (site: Site, pid: number) => Promise<void>,
  start: SceneOptions['start'] = (options) => startChateau({ ...options, sessionsPerAccountMax }),
): Promise<void> {
  const users = Array.from({ length: accounts }, (_, i) => ({ name: `u${i}`, password: 'pw' }));
  const names = users.map(({ name }) => name);
  const playOn = async ({ running }: Scene): Promise<void> => {
    const site = new Site(running.port, names);
    try {
      await play(site, running.pid);
    } finally {
      site.close();
    }
  };
  await stage.play(title, peer, playOn, { users, connectionsMax, start });
}

/** Some cases on a server. One that fails is a failure of the report, and the others go on. */
class Trial {
  constructor(
    private readonly stage: Stage,
    private readonly ledger: CostLedger,
    private readonly cases: readonly GrowthCase[],
  ) {}

  /** Both sizes of a case in turn, so that what else happens on the machine meets both. */
  async inTurn(site: Site, pid: number): Promise<void> {
    for (const each of this.cases) {
      const done = await this.attempt(each, async () => {
        // What runs for the first time, in the large size too, is not compiled yet.
        await sampleCost(site, pid, each, each.size * growthFactor);
        await sampleCost(site, pid, each, each.size);
        await this.roundsInTurn(site, pid, each, this.rounds);
        if (this.isSuspect(each)) await this.roundsInTurn(site, pid, each, 2 * this.rounds);
      });
      if (done) this.report(each);
    }
  }

  /** One collection of garbage may be all that is wrong with a row: more samples tell. */
  private isSuspect(each: GrowthCase): boolean {
    const row = this.ledger.rowOf(each);
    return row !== undefined && verdictOf(row) === 'grows faster than linear';
  }

  private async roundsAt(site: Site, pid: number, each: GrowthCase, scale: Scale, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) await this.sample(site, pid, each, scale);
  }

  private async roundsInTurn(site: Site, pid: number, each: GrowthCase, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      for (const scale of ['small', 'large'] as const) await this.sample(site, pid, each, scale);
    }
  }

  /** All cases at one size, which the whole server has. */
  async all(site: Site, pid: number, scale: Scale): Promise<void> {
    // What runs for the first time is not compiled yet: nothing is measured before everything has run once.
    for (const each of this.cases)
      await this.attempt(each, async () => void (await sampleCost(site, pid, each, each.size)));
    for (const each of this.cases) {
      const done = await this.attempt(each, async () => {
        // The server grows afterwards: there is no way back to the small size for more samples.
        await this.roundsAt(site, pid, each, scale, this.rounds + 1);
        if (scale === 'large' && this.isSuspect(each)) await this.roundsAt(site, pid, each, scale, 2 * this.rounds);
      });
      if (done && scale === 'large') this.report(each);
    }
  }

  private get rounds(): number {
    return this.stage.options.runs;
  }

  private async sample(site: Site, pid: number, each: GrowthCase, scale: Scale): Promise<void> {
    const size = scale === 'small' ? each.size : each.size * growthFactor;
    this.ledger.add(each, scale, await sampleCost(site, pid, each, size));
  }

  private async attempt(each: GrowthCase, measure: () => Promise<void>): Promise<boolean> {
    try {
      await measure();
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.stage.recorder.fail(`growth-of-costs ${each.request}, ${each.grows}: ${reason}`);
      return false;
    }
  }

  private report(each: GrowthCase): void {
    const row = this.ledger.rowOf(each);
    if (row !== undefined) process.stderr.write(`  ${sentenceOf(row)}\n`);
  }
}
