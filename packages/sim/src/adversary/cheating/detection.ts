// How often cheaters are caught, beside how often the rules say they should be.
import { bondTarget, type NodeRecord, type Params, PPM_ONE, type State, standing } from '@piecework/protocol'
import type { Arena, Group } from './arena.ts'
import type { Cast, CheatingNode } from './cast.ts'
import type { Day } from './cheater.ts'
import { anyDrawn, friendsPass } from './formula.ts'

export interface Detection {
  /** Stints with a fake, of nodes that had no other undecided. */
  readonly stints: number
  readonly caught: number
  /** Sum of the chances that the formula gives. */
  readonly expected: number
  /** Of `caught`, if the formula is right. */
  readonly variance: number
  /** Money that cheaters have by luck, and its variance if the formula is right. */
  readonly luck: number
  readonly luckVariance: number
}

export const NOTHING_SEEN: Detection = {
  stints: 0,
  caught: 0,
  expected: 0,
  variance: 0,
  luck: 0,
  luckVariance: 0,
}

export function together(a: Detection, b: Detection): Detection {
  return {
    stints: a.stints + b.stints,
    caught: a.caught + b.caught,
    expected: a.expected + b.expected,
    variance: a.variance + b.variance,
    luck: a.luck + b.luck,
    luckVariance: a.luckVariance + b.luckVariance,
  }
}

/** By how much the rate of catches differs from the formula's. */
export function miss({ stints, caught, expected }: Detection): number {
  return stints === 0 ? 0 : (caught - expected) / stints
}

/** What that difference is by chance alone, as a standard deviation. */
export function missByChance({ stints, variance }: Detection): number {
  return stints === 0 ? 0 : Math.sqrt(variance) / stints
}

type Counted = { -readonly [K in keyof Detection]: Detection[K] }

interface Pending {
  readonly counted: Counted
  readonly attacker: number
  /** What being caught costs at once: the bond, and the pay for every row of the stint. */
  readonly atStake: number
}

interface Stint {
  readonly record: NodeRecord
  readonly day: Day
  readonly epoch: number
}

export class Watch {
  readonly #arena: Arena
  readonly #params: Params
  readonly #byGroup: ReadonlyMap<Group, Counted>
  /** Nodes with a stint that is not decided yet. */
  readonly #pending = new Map<number, Pending>()
  readonly #luck: number[] = []

  constructor(arena: Arena, params: Params) {
    this.#arena = arena
    this.#params = params
    this.#byGroup = new Map(arena.groups.map((group) => [group, { ...NOTHING_SEEN }]))
  }

  of(group: Group): Detection {
    return this.#byGroup.get(group) ?? NOTHING_SEEN
  }

  /** Called after each epoch, with the state before it. */
  see({ world, attackers }: Cast, before: State): void {
    const { state } = world
    const carried = new Set(state.carried.map(({ node }) => node))
    for (const [node, pending] of this.#pending) {
      if (carried.has(node)) continue
      if (isFailed(state, node)) this.#catch(pending)
      this.#pending.delete(node)
    }
    const busy = new Set(before.carried.map(({ node }) => node))
    for (const { number: attacker, group, nodes } of attackers) {
      const counted = this.#byGroup.get(group)
      for (const node of nodes) {
        const { index } = node.contributor
        const stint = stintOf(node, state.epoch, before)
        if (counted === undefined || index === undefined || stint === undefined || busy.has(index)) continue
        const pending = { counted, attacker, atStake: atStakeIn(stint) }
        this.#expect(pending, group, stint)
        if (isFailed(state, index)) this.#catch(pending)
        else if (carried.has(index)) this.#pending.set(index, pending)
      }
    }
  }

  /**
   * Money that this attacker has only because it was caught less often than the chances were. What is at stake and the
   * chance are known before the draw, so that luck is nothing on average, if the formula is right.
   */
  luckOf(attacker: number): number {
    return this.#luck[attacker] ?? 0
  }

  #catch(pending: Pending): void {
    pending.counted.caught += 1
    this.#addLuck(pending, -1)
  }

  #addLuck({ counted, attacker, atStake }: Pending, chance: number): void {
    counted.luck += chance * atStake
    this.#luck[attacker] = this.luckOf(attacker) + chance * atStake
  }

  #expect(pending: Pending, group: Group, stint: Stint): void {
    const { counted, atStake } = pending
    const drawn = anyDrawn(
      stint.day.faked.map(({ value }) => ({
        value: Number(value),
        bond: Number(standing(stint.record)),
        rate: this.#arena.rate / Number(PPM_ONE),
      })),
    )
    const chance = drawn * (1 - this.#passes(group, stint))
    counted.stints += 1
    counted.expected += chance
    counted.variance += chance * (1 - chance)
    counted.luckVariance += chance * (1 - chance) * atStake ** 2
    this.#addLuck(pending, chance)
  }

  /** That friends pass it once a fake is drawn. */
  #passes({ reaction }: Group, stint: Stint): number {
    if (reaction !== 'friends' && reaction !== 'denounced') return 0
    const { verifiers, friends } = this.#arena
    // A denounced stint is failed at once: friends that come later are of no use to it.
    const { checkers, carryEpochs } = this.#params
    const rounds = reaction === 'denounced' ? 1 : carryEpochs
    return friendsPass({
      verifiers,
      friends,
      checkers,
      unproven: isUnproven(stint, this.#arena.rate),
      rounds,
    })
  }
}

function isFailed({ nodes, epoch }: State, node: number): boolean {
  return nodes[node]?.failedAt === epoch
}

function stintOf({ cheater, contributor }: CheatingNode, epoch: number, before: State): Stint | undefined {
  const record = contributor.index === undefined ? undefined : before.nodes[contributor.index]
  const day = cheater.days.get(epoch)
  if (record === undefined || day === undefined || day.faked.length === 0) return undefined
  return { record, day, epoch }
}

function atStakeIn({ record, day }: Stint): number {
  return Number(record.bond) + valueSent(day)
}

function valueSent({ sent }: Day): number {
  return sent.reduce((sum, { value }) => sum + Number(value), 0)
}

/** Its bond is less than its target, than its dearest row asks for, or than what it could earn in this stint. */
function isUnproven({ record, day, epoch }: Stint, rate: number): boolean {
  const share = rate / Number(PPM_ONE)
  const dearest = Math.max(...day.sent.map(({ value }) => Number(value)))
  const exposure = (2 * dearest * (1 - share)) / share
  return Number(standing(record)) < Math.max(Number(bondTarget(record, epoch)), exposure, valueSent(day))
}
