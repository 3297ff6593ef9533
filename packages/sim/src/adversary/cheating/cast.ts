// Who plays in an arena: attackers with their nodes, and the verifiers, some of which are their friends.
import type { Due } from '@piecework/protocol'
import {
  type Contributor,
  SeededRandom,
  TOY_KINDS,
  toyRules,
  type VerifierPlan,
  World,
} from '@piecework/testkit'
import { type Arena, FIRST_WORK, type Group, PRICE, type Timetable, timetable } from './arena.ts'
import { Cheater } from './cheater.ts'

/** Stake of an ordinary verifier, and of the friend that only denounces: so little that it is hardly ever drawn. */
const STAKE = 1_000_000n
const DENOUNCER_STAKE = 1n
/** More than all that is ever earned here. */
const AMPLE_DEPOSIT: bigint = 10n ** 15n
/** More than a node of any standing here is dealt. */
const AMPLE_CAPACITY = 1000
/** One in so many nodes is dealt a dear row. */
const DEAR_SHARE = 3

/** Of those who launder: the first job of the network. */
export const OWN_JOB = 0

interface JobTerms {
  readonly price: bigint
  readonly tasks?: number
  /** What a row is worth to whoever does it: what it costs at most, and what is gained by faking it. */
  readonly worth?: bigint
}

export interface CheatingNode {
  readonly cheater: Cheater
  readonly contributor: Contributor
}

export interface Attacker {
  readonly number: number
  readonly group: Group
  readonly nodes: CheatingNode[]
}

export class Cast {
  readonly world: World
  readonly attackers: readonly Attacker[]
  readonly times: Timetable
  /** By index in the state. */
  readonly nodes: Map<number, CheatingNode> = new Map()
  readonly #arena: Arena
  readonly #honest: boolean
  readonly #worths: bigint[] = []

  constructor(arena: Arena, { honest }: { readonly honest: boolean }) {
    this.#arena = arena
    this.#honest = honest
    this.times = timetable(arena)
    const { friends, verifiers, name, rate, carryEpochs } = arena
    const kinds = toyRules(rate).filter(({ kind }) => kind === TOY_KINDS.exact)
    const ordinary = Array.from({ length: verifiers }, (_, id): VerifierPlan => {
      if (id >= friends) return { stake: STAKE }
      const withholds = (due: readonly Due[]): boolean => this.#withholds(id, due)
      return { stake: STAKE, behaviour: { friendOf: () => true, withholds } }
    })
    const denounces = (due: Due): boolean => this.#denounces(due)
    // It reports on no stint, so that all it is ever paid are bounties.
    const denouncing = { friendOf: () => true, report: () => undefined, denounces }
    const denouncer = { stake: DENOUNCER_STAKE, behaviour: denouncing }
    const params = { carryEpochs }
    this.world = new World({ name, params, kinds, verifiers: [...ordinary, denouncer] })
    this.attackers = arena.groups
      .flatMap((group) => Array.from({ length: group.attackers }, () => group))
      .map((group, number) => ({ number, group, nodes: [] }))
    // To do one's own job costs nothing.
    this.#addJob({ price: PRICE, worth: this.launders ? 0n : PRICE })
  }

  get launders(): boolean {
    return this.#arena.launders === true
  }

  get denouncer(): number {
    return this.#arena.verifiers
  }

  /** What has to be there before the next epoch: nodes that enrol with it, and its dear job. */
  prepareEpoch(): void {
    const { world, times } = this
    const { standing, dearPrice } = this.#arena
    const comes = standing === 'throwaway' ? world.epoch + FIRST_WORK < times.until : world.epoch === 0
    if (comes) for (const attacker of this.attackers) this.#enrol(attacker)
    if (this.launders && world.epoch === times.from) {
      world.closeJob(OWN_JOB)
      this.#addJob({ price: PRICE })
    }
    if (dearPrice === undefined || world.epoch < times.from || world.epoch >= times.until) return
    this.#addJob({ price: dearPrice, tasks: Math.ceil(this.attackers.length / DEAR_SHARE) })
  }

  /** After an epoch: who has got its index, who waits, who is barred, and who leaves. */
  follow(): void {
    const { state, epoch } = this.world
    const carried = new Set(state.carried.map(({ node }) => node))
    for (const node of this.attackers.flatMap(({ nodes }) => nodes)) {
      const { index } = node.contributor
      if (index === undefined) continue
      this.nodes.set(index, node)
      const { cheater } = node
      const leaves = cheater.reaction === 'leaves' && !cheater.isWaiting && carried.has(index)
      cheater.isWaiting = carried.has(index)
      cheater.isBarred = (state.nodes[index]?.barredUntil ?? epoch) > epoch
      if (leaves) this.world.enrolAgain(node.contributor, { capacity: 0, nonce: 2n })
    }
  }

  #enrol({ number, group, nodes }: Attacker): void {
    const { world, times } = this
    const { standing, capacity = AMPLE_CAPACITY, hoards = 0, name } = this.#arena
    const first = world.epoch + FIRST_WORK
    const { from, until } = standing === 'throwaway' ? { from: first, until: first + 1 } : times
    const cheater = new Cheater({
      fakes: this.#honest ? () => false : group.fakes,
      reaction: group.reaction,
      from,
      until,
      isFriend: (verifierId) => this.#isFriend(verifierId),
      worthOf: (job) => this.#worths[job] ?? 0n,
      random: new SeededRandom(`${name} attacker ${number} node ${nodes.length}`),
      sendsTo: (verifierId) => group.reaction !== 'withheld' || this.#hears(number, verifierId),
      postpones: (epoch) => !this.#honest && epoch >= from && epoch < from + hoards,
    })
    const contributor = world.enrol({ behaviour: cheater.behaviour, wallet: number, capacity })
    nodes.push({ cheater, contributor })
  }

  #addJob({ price, tasks, worth = price }: JobTerms): void {
    const leaseEpochs = 1 + (this.#arena.hoards ?? 0)
    const plan = { price, deposit: AMPLE_DEPOSIT, leaseEpochs }
    const job = this.world.addJob(tasks === undefined ? plan : { ...plan, tasks })
    this.#worths[job] = worth
  }

  #isFriend(verifierId: number): boolean {
    return verifierId < this.#arena.friends || verifierId === this.denouncer
  }

  /** One friend, and of the others as many as cannot admit anything without it. */
  #hears(attacker: number, verifierId: number): boolean {
    const { friends, verifiers } = this.#arena
    return (
      verifierId === attacker || (verifierId >= friends && verifierId < friends + Math.floor(verifiers / 3))
    )
  }

  /** The friend of this attacker posted an inventory, and now a fake of the attacker's is drawn. */
  #withholds(friend: number, due: readonly Due[]): boolean {
    const attacker = this.attackers[friend]
    if (attacker?.group.reaction !== 'withheld') return false
    return due.some(({ stint }) => {
      const node = attacker.nodes.find(({ contributor }) => contributor.index === stint.node)
      return node?.cheater.isFound(stint) === true
    })
  }

  /** Where friends cannot pass it at once, one of them turns it in. */
  #denounces({ stint, checkers, rule }: Due): boolean {
    if (this.nodes.get(stint.node)?.cheater.reaction !== 'denounced') return false
    const friends = checkers.filter((id) => this.#isFriend(id)).length
    return rule === 'all' ? friends < checkers.length : 2 * friends <= checkers.length
  }
}
