// Each daemon of a small network of real processes killed with -9 at drawn moments of an epoch, and started again: the
// epochs still settle, nothing is signed twice, and what was acknowledged is paid.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SeededRandom } from '@piecework/testkit/random'
import { atLeast, atMost, type Measured } from '../../bench/types.ts'
import { lostRows, type PaidEpoch } from './lost.ts'
import { type Settled, untilSettled } from './settled.ts'
import { signedBy } from './signed.ts'
import { onStage, type Stage, VERIFIERS } from './stage.ts'
import { equivocations, fallen, killed, VICTIMS, type Victim } from './victims.ts'

/** From an epoch's first slot to its final root, in the local network. */
const EPOCH_MS = 28_000
/** A carried stint takes some more epochs; a busy machine takes several times as long for each. */
const SETTLE_MS = 300_000
/** What the guard says when it is asked for another signature in the same place. */
const CONFLICT = 'signing two is punished'

/** Until its end all outputs are told of: more epochs than it takes on a busy machine. */
const RETAIN_EPOCHS = 1_000

class Tally {
  kills = 0
  conflicts = 0
  equivocations = 0
  readonly batches = new Map<string, string>()
  /** By node: rows, and the epoch in which each was acknowledged. */
  readonly acknowledged = new Map<string, Map<string, number>>()
}

/** So many moments for each sort of daemon. */
export async function killNetwork(moments: number): Promise<Measured> {
  const tally = new Tally()
  return onStage(
    async (stage) => {
      const random = new SeededRandom('kill network')
      for (let round = 0; round < moments; round++) {
        if (round > 0) await stage.postAgain()
        await killEach(stage, { random, tally })
      }
      const last = await stage.standing()
      const { books, settled } = await untilSettled(stage, {
        ms: SETTLE_MS,
        isDue: ({ lastFinal }) => lastFinal >= last.epoch + 1,
      })
      for (const verifier of VERIFIERS) tally.equivocations += await equivocations(stage, verifier)
      return measured(stage, { tally, moments, books, settled })
    },
    { params: { retainEpochs: RETAIN_EPOCHS } },
  )
}

interface Killing {
  readonly random: SeededRandom
  readonly tally: Tally
}

/** Within the time of an epoch, in the order of their moments. */
async function killEach(stage: Stage, { random, tally }: Killing): Promise<void> {
  const began = performance.now()
  const drawn = VICTIMS.map((victim) => ({ victim, at: random.float() * EPOCH_MS }))
  for (const { victim, at } of drawn.toSorted((a, b) => a.at - b.at)) {
    await pause(began + at - performance.now())
    await killOne(stage, victim, tally)
  }
}

async function killOne(stage: Stage, victim: Victim, tally: Tally): Promise<void> {
  const { epoch } = await stage.standing()
  if (victim === 'verifier-0') tally.equivocations += await equivocations(stage, victim)
  await killed(stage, victim, async () => {
    if (victim === 'anna') await lookAtDisk(stage, { node: victim, epoch, tally })
  })
  tally.kills++
}

interface Looking {
  readonly node: string
  readonly epoch: number
  readonly tally: Tally
}

/** Nothing that it signed before is different now, and what was acknowledged is remembered. */
async function lookAtDisk({ folder }: Stage, { node, epoch, tally }: Looking): Promise<void> {
  const { batches, acknowledged } = await signedBy(folder, node, epoch + 1)
  for (const [place, hash] of batches) {
    const key = `${node}/${place}`
    if ((tally.batches.get(key) ?? hash) !== hash) tally.conflicts++
    tally.batches.set(key, hash)
  }
  const all = tally.acknowledged.get(node) ?? new Map<string, number>()
  for (const [row, at] of acknowledged) if (!all.has(row)) all.set(row, at)
  tally.acknowledged.set(node, all)
}

interface Ended extends Settled {
  readonly tally: Tally
  readonly moments: number
}

async function measured(stage: Stage, { tally, moments, books, settled }: Ended): Promise<Measured> {
  const { final, slashed } = await stage.standing()
  const down = await fallen(stage)
  const paidBy = await stage.paid()
  for (const { name } of stage.world.nodes) {
    await stage.commands.running.findLast((one) => one.name === name)?.stop()
    await lookAtDisk(stage, { node: name, epoch: final, tally })
  }
  // What was acknowledged of later epochs is not due yet.
  const rows = books.nodes.map(({ name }) => ({
    acknowledged: [...(tally.acknowledged.get(name) ?? [])].flatMap(([row, epoch]) =>
      epoch <= books.lastFinal ? [row] : [],
    ),
    paid: paidBy.get(name) ?? new Map<number, PaidEpoch>(),
  }))
  const paid = sum(rows.flatMap((one) => [...one.paid.values()].map(({ paidRows }) => paidRows)))
  const lost = rows.flatMap((one) => lostRows(one.acknowledged, one.paid))
  const failed = books.nodes.filter(({ outcomes }) =>
    outcomes.some(({ outcome }) => outcome === 'failed'),
  ).length
  return {
    figures: {
      'final epoch': final,
      'paid rows': paid,
      'earned, smallest units': String(books.nodes.reduce((all, { earned }) => all + earned, 0n)),
      'held, smallest units': String(books.held),
      'acknowledged rows': sum(rows.map(({ acknowledged }) => acknowledged.length)),
    },
    bars: [
      atLeast('daemons killed', tally.kills, moments * VICTIMS.length),
      atLeast('settled, claimed and conserved', Number(settled), 1),
      atLeast('rows that were paid', paid, 1),
      atMost('acknowledged and not paid', lost.length, 0),
      atMost('batches changed or signed twice', tally.conflicts + tally.equivocations, 0),
      atMost('refusals of the signing guard', await guardConflicts(stage), 0),
      atMost('honest nodes failed', failed, 0),
      atMost('slashed, smallest units', Number(slashed), 0),
      atMost('daemons that ended by themselves', down.length, 0),
    ],
  }
}

async function guardConflicts({ folder }: Stage): Promise<number> {
  const logs = join(folder, 'logs')
  const texts = await Promise.all((await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8')))
  return texts.reduce((sum, text) => sum + text.split(CONFLICT).length - 1, 0)
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0)
}

function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  setTimeout(resolve, Math.max(0, ms))
  return promise
}
