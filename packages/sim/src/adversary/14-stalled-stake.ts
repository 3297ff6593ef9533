// Adversary 14: a third of stake and a little more goes away for ten epochs' time, in every phase of an epoch. Without it
// there is no quorum: the network has to wait, and to go on where it stood when they are back.
import { LOCAL_PARAMS, type Params, type PhaseName, PUBLIC_PARAMS, phaseAt } from '@piecework/protocol'
import { SlotChain, World } from '@piecework/testkit'
import { atMost, type Measured } from '../bench/types.ts'
import type { Adversary, Size } from './types.ts'

/** Of two per cent each. */
const VERIFIERS = 50
/** 34 per cent. */
const AWAY = 17
/** Epochs' time that they are away. */
const STALL_EPOCHS = 10
/** The epoch whose phase they leave in. */
const STRUCK = 3
/** Epochs after their return until what was carried is decided as well. */
const AFTER = 4

const PHASES: readonly PhaseName[] = [
  'work',
  'intake',
  'inventory',
  'challenge',
  'commit',
  'reveal',
  'dispute',
]

const PLAYED: Readonly<Record<Size, { readonly params: readonly Params[]; readonly worlds: number }>> = {
  short: { params: [LOCAL_PARAMS], worlds: 1 },
  full: { params: [LOCAL_PARAMS, PUBLIC_PARAMS], worlds: 10 },
}

interface Stall {
  readonly from: number
  readonly until: number
}

/** When the struck epoch is in this phase, if nobody is ever away. */
function stallIn(phase: PhaseName, params: Params): Stall {
  const calm = chainOf(params, () => true)
  for (;;) {
    const times = calm.epochs[STRUCK]?.times
    if (times !== undefined && phaseAt(calm.slot, times, params).name === phase) break
    calm.tick()
  }
  return { from: calm.slot, until: calm.slot + STALL_EPOCHS * params.epochSlots }
}

function chainOf(params: Params, isOnline: (verifier: number, slot: number) => boolean): SlotChain {
  return new SlotChain({ params, stakes: Array.from({ length: VERIFIERS }, () => 100n), isOnline })
}

interface Timeline {
  readonly chain: SlotChain
  readonly stall: Stall
  /** The epoch whose work went on when they came back. */
  readonly working: number
}

function play(stall: Stall, params: Params): Timeline {
  const chain = chainOf(
    params,
    (verifier, slot) => verifier >= AWAY || slot < stall.from || slot >= stall.until,
  )
  while (chain.slot < stall.until) chain.tick()
  const { working } = chain
  while (chain.final < working + AFTER) chain.tick()
  return { chain, stall, working }
}

interface Outcome {
  readonly sealedWithoutQuorum: number
  readonly finalMeanwhile: number
  readonly skipped: number
  readonly epochsUntilSettled: number
  readonly rows: number
  readonly carried: number
  readonly unitsLost: bigint
}

function timing({
  chain,
  stall,
}: Timeline): Pick<Outcome, 'sealedWithoutQuorum' | 'finalMeanwhile' | 'skipped'> {
  const settled = chain.epochs.slice(0, chain.final + 1)
  const sealed = chain.epochs.filter(({ times }) => times.sealedSlot !== undefined)
  // What was voted for just before they left may still become final.
  const votedWithout = settled.filter(({ times: { votedSlot = 0 } }) => {
    return votedSlot >= stall.from && votedSlot < stall.until
  })
  return {
    sealedWithoutQuorum: sealed.filter(({ posted }) => 3 * posted.size <= 2 * VERIFIERS).length,
    finalMeanwhile: votedWithout.length,
    skipped: settled.filter(({ times }, i) => times.end !== chain.epochs[i + 1]?.times.start).length,
  }
}

const PRICE = 1_000n

/** Newcomers among them, whose stints need all of their checkers. */
function worldOf(name: string, { chain }: Timeline, params: Params): World {
  const world = new World({
    name,
    params,
    contributors: Array.from({ length: 12 }, (_, i) => ({ vouched: i < 6 ? 0n : 1_000_000n, capacity: 5 })),
    verifiers: Array.from({ length: VERIFIERS }, (_, id) => ({
      stake: 100n,
      behaviour: {
        posts: (epoch) => chain.epochs[epoch]?.posted.has(id) === true,
        reports: (epoch) => chain.epochs[epoch]?.reported.has(id) === true,
      },
    })),
  })
  world.addJob({ price: PRICE, verifierBps: 0, settleBps: 0, leaseEpochs: 2 })
  return world
}

/** The money of the same epochs, by who was there to post and to report. */
function money(
  name: string,
  timeline: Timeline,
  params: Params,
): Omit<Outcome, keyof ReturnType<typeof timing>> {
  const { chain, stall, working } = timeline
  const world = worldOf(name, timeline, params)
  let settledIn: number | undefined
  let carried = 0
  for (let epoch = 0; epoch <= chain.final; epoch++) {
    world.step()
    carried += world.state.carried.filter((stint) => stint.epoch === epoch).length
    const waits = world.state.carried.some((stint) => stint.epoch <= working)
    if (epoch >= working && !waits) settledIn ??= epoch
  }
  const finalSlot = chain.epochs[settledIn ?? Number.NaN]?.times.finalSlot ?? Number.POSITIVE_INFINITY
  const rows = world.contributors.reduce((sum, { sent }) => {
    const batches = [...sent.values()].flatMap((one) => one.batches)
    return sum + batches.reduce((count, { rowCount }) => count + rowCount, 0)
  }, 0)
  const earned = world.state.accounts.reduce((sum, { released }) => sum + released, 0n)
  const behind = world.state.nodes.reduce((sum, { bond, held }) => sum + bond + held, 0n)
  return {
    epochsUntilSettled: (finalSlot - stall.until) / params.epochSlots,
    rows,
    carried,
    unitsLost: absolute(BigInt(rows) * PRICE - earned - behind),
  }
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount
}

function run(size: Size): Measured {
  const { params, worlds } = PLAYED[size]
  const outcomes: Outcome[] = []
  for (const one of params) {
    for (const phase of PHASES) {
      const timeline = play(stallIn(phase, one), one)
      for (let i = 0; i < worlds; i++) {
        outcomes.push({ ...timing(timeline), ...money(`stall in ${phase} ${i}`, timeline, one) })
      }
    }
  }
  const worst = (of: (outcome: Outcome) => number): number => Math.max(...outcomes.map(of))
  return {
    figures: {
      stalls: outcomes.length,
      'stake away, per cent': (100 * AWAY) / VERIFIERS,
      rows: outcomes.reduce((sum, { rows }) => sum + rows, 0),
      'stints carried because checkers were away': outcomes.reduce((sum, { carried }) => sum + carried, 0),
    },
    bars: [
      atMost(
        'epochs sealed without a quorum',
        worst((one) => one.sealedWithoutQuorum),
        0,
      ),
      atMost(
        'epochs voted final while they were away',
        worst((one) => one.finalMeanwhile),
        0,
      ),
      atMost(
        'epochs skipped',
        worst((one) => one.skipped),
        0,
      ),
      atMost(
        'epochs from their return until all is settled',
        round(worst((one) => one.epochsUntilSettled)),
        2,
      ),
      atMost(
        'units lost',
        worst((one) => Number(one.unitsLost)),
        0,
      ),
    ],
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

export const adversary: Adversary = {
  number: 14,
  name: 'stalled stake',
  about: "34 % of stake goes away for ten epochs' time; the network waits, and loses nothing.",
  run: async (size) => run(size),
}
