// What each node was dealt in this epoch, over all kinds and jobs: it can lose what it could fake at once.
// Money is exact in bigint. Beside it stand the nearest doubles: rounding keeps order, so two doubles that
// differ decide a comparison, and only equal ones need the exact numbers.
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
  readonly trialBond: bigint
  readonly nearTrialBond: number
  /** No node with less room than this can take it. */
  readonly leastRoom: number

  constructor(job: Job) {
    this.value = replicaValue(job)
    this.nearValue = Number(this.value)
    this.trialBond = this.value * BigInt(TRIAL_TASKS)
    this.nearTrialBond = Number(this.trialBond)
    this.leastRoom = this.nearValue * (1 - ROUNDING)
  }
}

/** Nodes go by their position in the workforce. */
export class NodeLimits {
  readonly #trialRows: number
  readonly #bonds: readonly bigint[]
  readonly #nearBonds: Float64Array
  /** Bond less what was dealt; below zero when trial rows were worth more. */
  readonly #rooms: bigint[]
  readonly #nearRooms: Float64Array
  readonly #rows: Uint32Array

  constructor(bonds: BigUint64Array, trialRows: number) {
    this.#trialRows = trialRows
    this.#bonds = [...bonds]
    this.#nearBonds = Float64Array.from(this.#bonds, Number)
    this.#rooms = [...bonds]
    this.#nearRooms = this.#nearBonds.slice()
    this.#rows = new Uint32Array(bonds.length)
  }

  /** Whether the node's value limit, or its trial rows, leave room for one more. */
  allows(node: number, stake: Stake): boolean {
    if ((this.#rows[node] ?? 0) < this.#trialRows) return true
    const near = this.#nearRooms[node] ?? 0
    return near > stake.nearValue || (near === stake.nearValue && (this.#rooms[node] ?? 0n) >= stake.value)
  }

  inTrial(node: number, stake: Stake): boolean {
    const near = this.#nearBonds[node] ?? 0
    return (
      near < stake.nearTrialBond ||
      (near === stake.nearTrialBond && (this.#bonds[node] ?? 0n) < stake.trialBond)
    )
  }

  add(node: number, stake: Stake): void {
    const room = (this.#rooms[node] ?? 0n) - stake.value
    this.#rooms[node] = room
    this.#nearRooms[node] = Number(room)
    this.#rows[node] = (this.#rows[node] ?? 0) + 1
  }

  /** About the most valuable row that the node may still take; never grows within an epoch. */
  roomOf(node: number): number {
    return (this.#rows[node] ?? 0) < this.#trialRows ? Number.POSITIVE_INFINITY : (this.#nearRooms[node] ?? 0)
  }

  /** About the most valuable row that it may still take outside trial. */
  bondedRoomOf(node: number): number {
    return Math.min(this.roomOf(node), (this.#nearBonds[node] ?? 0) / TRIAL_TASKS)
  }
}
