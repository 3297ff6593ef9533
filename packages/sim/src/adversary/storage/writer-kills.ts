// A process that does what a daemon does with its store, killed with -9 at drawn moments; after some kills the store is
// opened, what was acknowledged is looked for, and another signature is asked for where one went out.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store, StoreError } from '@piecework/store'
import { SeededRandom } from '@piecework/testkit/random'
import { atLeast, atMost, type Measured } from '../../bench/types.ts'
import { type Ack, countLost } from './acknowledged.ts'
import { killWriter } from './killed.ts'
import { OPTIONS, voteAt } from './signing.ts'

/**
 * After so many kills the store is looked at, and closed cleanly. In between each start finds what a kill left, a log and
 * no clean end: two in a row are when all blocks of bulk are checked, and what a killed recovery left is recovered too.
 */
const KILLS_A_LOOK = 3
/** Stores attacked side by side: one for each core of a small machine. */
const LANES = 2
/** Rounds of which everything acknowledged must still be there: two rounds are an epoch, and three stay open. */
const REMEMBERED = 6
/** Content is let go by its quota; what the last rounds put is within it. */
const REMEMBERED_CONTENT = KILLS_A_LOOK
/** Of each round, so many votes are asked for again with another hash. */
const REASKED = 5

interface Tally {
  kills: number
  duringOpening: number
  /** Of stores that the kill before had left as they were. */
  onTop: number
  acks: number
  lost: number
  conflicts: number
}

export async function killWriters(kills: number): Promise<Measured> {
  const tally: Tally = { kills: 0, duringOpening: 0, onTop: 0, acks: 0, lost: 0, conflicts: 0 }
  await Promise.all(Array.from({ length: LANES }, (_, lane) => attack(lane, kills / LANES, tally)))
  return measured(tally, kills)
}

async function attack(lane: number, kills: number, tally: Tally): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'kill-'))
  const [folder, compiled] = [join(home, 'store'), join(home, 'compiled')]
  const random = new SeededRandom(`kill ${lane}`)
  const signed = new Map<string, string>()
  const rounds: (readonly Ack[])[] = []
  try {
    for (let round = 0; round < kills; round++) {
      const { acks, opened } = await killWriter({ folder, compiled, round }, random)
      tally.kills++
      if (round % KILLS_A_LOOK > 0) tally.onTop++
      tally.acks += acks.length
      if (!opened) tally.duringOpening++
      tally.conflicts += countConflicts(acks, signed)
      rounds.push(acks)
      const isLook = round % KILLS_A_LOOK === KILLS_A_LOOK - 1 || round >= kills - 1
      if (isLook) await inspect(folder, rounds, tally)
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** Signatures that went out for a place for which another one had gone out. */
function countConflicts(acks: readonly Ack[], signed: Map<string, string>): number {
  let conflicts = 0
  for (const ack of acks) {
    if (ack.what !== 'batch' && ack.what !== 'vote') continue
    const place = `${ack.what} ${ack.epoch} ${ack.what === 'batch' ? ack.seq : ack.round}`
    if ((signed.get(place) ?? ack.hash) !== ack.hash) conflicts++
    signed.set(place, ack.hash)
  }
  return conflicts
}

async function inspect(folder: string, rounds: readonly (readonly Ack[])[], tally: Tally): Promise<void> {
  const store = await openStore(folder, OPTIONS)
  try {
    const newest = rounds.slice(-REMEMBERED).flat()
    const content = rounds.slice(-REMEMBERED_CONTENT).flat()
    const wanted = [
      ...newest.filter(({ what }) => what !== 'content'),
      ...content.filter(({ what }) => what === 'content'),
    ]
    tally.lost += await countLost(store, wanted)
    tally.conflicts += await reask(store, newest)
  } finally {
    await store.close()
  }
}

/** Asks to sign something else where something was signed. */
async function reask(store: Store, acks: readonly Ack[]): Promise<number> {
  let permitted = 0
  for (const ack of acks.filter(({ what }) => what === 'vote').slice(-REASKED)) {
    if (ack.what !== 'vote') continue
    try {
      await store.guard.permit(voteAt(ack.epoch, ack.round), new Uint8Array(32))
      permitted++
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
    }
  }
  return permitted
}

function measured({ kills, duringOpening, onTop, acks, lost, conflicts }: Tally, wanted: number): Measured {
  return {
    figures: { acknowledged: acks, 'killed while opening': duringOpening },
    bars: [
      atLeast('kills', kills, wanted),
      atLeast('of stores that a kill had left as they were', onTop, wanted / 2),
      atMost('acknowledged and lost', lost, 0),
      atMost('conflicting signatures', conflicts, 0),
    ],
  }
}
