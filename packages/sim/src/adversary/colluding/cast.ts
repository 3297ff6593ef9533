// A third of stake, less a little, in one hand; contributors that fake with its help, and honest ones that it wants to ruin.
import type { StintReport } from '@piecework/protocol'
import {
  type Behaviour,
  type ContributorPlan,
  faker,
  type SeededRandom,
  silentFaker,
  toyRules,
  type VerifierBehaviour,
  type VerifierPlan,
  World,
} from '@piecework/testkit'

/** Together 33 of 100. */
const COLLUDING_STAKES = [9n, 8n, 8n, 8n]
const HONEST_STAKES = [9n, 9n, 9n, 8n, 8n, 8n, 8n, 8n]
export const COLLUDERS: readonly number[] = COLLUDING_STAKES.map((_, id) => id)
export const HONEST: readonly number[] = HONEST_STAKES.map((_, i) => COLLUDING_STAKES.length + i)

const HONEST_NODES = 4
const FAKING_NODES = 4
const TRUSTED = 1_000_000n
export const PRICE = 1_000n
/** A stint that is left to them is decided by all stake after so many epochs. */
export const CARRY_EPOCHS = 3
/** Every row is drawn: whatever passes then is passed by checkers, not by chance. */
const ALL_DRAWN = 1_000_000

export interface Cast {
  readonly world: World
  /** By node index. */
  readonly isHonest: (node: number) => boolean
}

export function castOf(name: string, random: SeededRandom): Cast {
  const isHonest = (node: number): boolean => node < HONEST_NODES
  const honest = Array.from({ length: HONEST_NODES }, (_, i) => ({
    vouched: i < 2 ? TRUSTED : 0n,
    capacity: 3,
  }))
  const faking = Array.from({ length: FAKING_NODES }, (_, i): ContributorPlan => {
    return { vouched: i < 2 ? TRUSTED : 0n, capacity: 3, behaviour: fakingWith(random) }
  })
  const world = new World({
    name,
    kinds: toyRules(ALL_DRAWN),
    params: { carryEpochs: CARRY_EPOCHS, evidenceEpochs: CARRY_EPOCHS + 2, barEpochs: 2 },
    contributors: [...honest, ...faking],
    verifiers: [
      ...COLLUDING_STAKES.map((stake): VerifierPlan => ({ stake, behaviour: colluding(random, isHonest) })),
      ...HONEST_STAKES.map((stake): VerifierPlan => ({ stake })),
    ],
  })
  world.addJob({ price: PRICE, verifierBps: 0, settleBps: 0, leaseEpochs: 1 })
  return { world, isHonest }
}

/** Everything they send is a fake. Some answer only friends, and some are seen by few who are not. */
function fakingWith(random: SeededRandom): Behaviour {
  const isFriend = (verifier: number): boolean => COLLUDERS.includes(verifier)
  const fewer = random.chance(0.3) ? { sendsTo: (id: number) => isFriend(id) || id === HONEST[0] } : {}
  const ways: readonly Behaviour[] = [
    faker(1),
    silentFaker(1),
    { ...faker(1), answers: ({ verifierId }) => isFriend(verifierId) },
  ]
  return { ...(ways[random.below(ways.length)] ?? faker(1)), ...fewer }
}

/** Passes friends, and harms the honest in one of the ways that reports and inventories leave to it. */
function colluding(random: SeededRandom, isHonest: (node: number) => boolean): VerifierBehaviour {
  const spoils = (report: StintReport): StintReport | undefined => {
    const ways: readonly (StintReport | undefined)[] = [
      undefined,
      { ...report, traces: [], delivered: [] },
      { ...report, traces: report.traces.map(() => random.bytes(32)) },
      { ...report, delivered: report.delivered.map((bits) => bits.map(() => 0)) },
    ]
    return ways[random.below(ways.length)]
  }
  return {
    friendOf: (node) => !isHonest(node),
    omits: isHonest,
    report: (report) => (isHonest(report.node) ? spoils(report) : report),
  }
}
