// What each node was dealt in this epoch, over all kinds and jobs: it can lose what it could fake at once.
// Money is compared as the nearest doubles: rounding keeps order, so two doubles that differ decide a comparison, and
// only equal ones need the exact numbers.
import type { Job } from '../facts.ts'
import { replicaValue } from '../value.ts'

/** A node whose bond is below this many times the value of a task is in trial for its job. */
const TRIAL_TASKS = 10
/** More than the few roundings in a bound of `roomOf` or `bondedRoomOf` can amount to. */
const ROUNDING: number = 2 ** -48

/** What one replica of a job is worth, as limits compare it. */
export class Stake {
  readonly value: bigint
  readonly nearValue: number
  /** nearValue is the value. */
  readonly isSafe: boolean
  readonly trialBond: bigint
  readonly nearTrialBond: number
  /** No node with less room than this can take it. */
  readonly leastRoom: number

  constructor(job: Job) {
    this.value = replicaValue(job)
    this.nearValue = Number(this.value)
    this.isSafe = Number.isSafeInteger(this.nearValue)
    this.trialBond = this.value * BigInt(TRIAL_TASKS)
    this.nearTrialBond = Number(this.trialBond)
    this.leastRoom = this.nearValue * (1 - ROUNDING)
  }
}

/** A node's room and bond stand together, because nodes come up in no order. */
const FIELDS = 2
const ROOM = 0
const BOND = 1

/** Nodes go by their position in the workforce. */
export class NodeLimits {
  readonly #trialRows: number
  readonly #bonds: BigUint64Array
  /**
   * FIELDS a node. Its room is its bond less what was dealt; below zero when trial rows were worth more. Room and bond
   * are the nearest doubles, and exact for whoever is not in #large.
   */
  readonly #near: Float64Array
  /** What was dealt. Apart from #near, so that all of it fits into a core's own cache. */
  readonly #rows: Uint32Array
  /** Rooms beyond what doubles hold exactly. */
  readonly #large = new Map<number, bigint>()

  constructor(bonds: BigUint64Array, trialRows: number) {
    this.#trialRows = trialRows
    this.#bonds = bonds
    this.#near = new Float64Array(FIELDS * bonds.length)
    this.#rows = new Uint32Array(bonds.length)
    for (let node = 0; node < bonds.length; node++) {
      const bond = bonds[node] ?? 0n
      const near = Number(bond)
      this.#near[FIELDS * node + ROOM] = near
      this.#near[FIELDS * node + BOND] = near
      if (!Number.isSafeInteger(near)) this.#large.set(node, bond)
    }
  }

  /** Whether the node's value limit, or its trial rows, leave room for one more. */
  allows(node: number, stake: Stake): boolean {
    if (this.#isNew(node)) return true
    const near = this.#get(node, ROOM)
    return near > stake.nearValue || (near === stake.nearValue && this.#exactRoom(node) >= stake.value)
  }

  inTrial(node: number, stake: Stake): boolean {
    const near = this.#get(node, BOND)
    return (
      near < stake.nearTrialBond ||
      (near === stake.nearTrialBond && (this.#bonds[node] ?? 0n) < stake.trialBond)
    )
  }

  add(node: number, stake: Stake): void {
    this.#rows[node] = (this.#rows[node] ?? 0) + 1
    const near = this.#get(node, ROOM) - stake.nearValue
    // Exact minus exact is exact, as long as it is no larger.
    if (stake.isSafe && Number.isSafeInteger(near) && !this.#large.has(node)) {
      this.#near[FIELDS * node + ROOM] = near
      return
    }
    const room = this.#exactRoom(node) - stake.value
    this.#large.set(node, room)
    this.#near[FIELDS * node + ROOM] = Number(room)
  }

  /** About the most valuable row that the node may still take; never grows within an epoch. */
  roomOf(node: number): number {
    return this.#isNew(node) ? Number.POSITIVE_INFINITY : this.#get(node, ROOM)
  }

  /** About the most valuable row that it may still take outside trial. */
  bondedRoomOf(node: number): number {
    return Math.min(this.roomOf(node), this.#get(node, BOND) / TRIAL_TASKS)
  }

  /** Its trial rows are not used up. */
  #isNew(node: number): boolean {
    return (this.#rows[node] ?? 0) < this.#trialRows
  }

  #get(node: number, field: typeof ROOM | typeof BOND): number {
    return this.#near[FIELDS * node + field] ?? 0
  }

  #exactRoom(node: number): bigint {
    return this.#large.get(node) ?? BigInt(this.#get(node, ROOM))
  }
}
