// How much room a turn's nodes can have at most, block by block, so that stretches without any are passed at once.
// Rooms only shrink within an epoch: an old bound may be too large, never too small.
import type { NodeLimits, Stake } from './limits.ts'

/** Positions under one bound: wide enough that bounds are few, narrow enough that looking through one is nothing. */
const BLOCK = 64

export interface Positions {
  readonly length: number
  readonly nodes: Uint32Array
  isFree(position: number): boolean
}

export class RoomBounds {
  readonly #positions: Positions
  readonly #limits: NodeLimits
  /** Room of a node at a free position: the most in each block, of all nodes and of those outside trial. */
  readonly #rooms: Float64Array
  readonly #bondedRooms: Float64Array
  /** The most in all blocks. */
  #room = Number.POSITIVE_INFINITY
  #bondedRoom = Number.POSITIVE_INFINITY

  constructor(positions: Positions, limits: NodeLimits) {
    this.#positions = positions
    this.#limits = limits
    const blocks = Math.ceil(positions.length / BLOCK)
    this.#rooms = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY)
    this.#bondedRooms = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY)
  }

  /** False when no node of the turn has room. */
  anyRoom(stake: Stake, inTrial: boolean): boolean {
    return (inTrial ? this.#room : this.#bondedRoom) >= stake.leastRoom
  }

  /** False when no node in the position's block has room. */
  anyInBlock(position: number, stake: Stake, inTrial: boolean): boolean {
    const rooms = inTrial ? this.#rooms : this.#bondedRooms
    return (rooms[Math.floor(position / BLOCK)] ?? 0) >= stake.leastRoom
  }

  /** Where the block of a position ends. */
  blockEnd(position: number): number {
    return Math.min(position - (position % BLOCK) + BLOCK, this.#positions.length)
  }

  /** Brings a block's bounds up to date; returns how many positions it looked at. */
  lookAgain(position: number): number {
    const block = Math.floor(position / BLOCK)
    const start = block * BLOCK
    const end = this.blockEnd(position)
    let room = Number.NEGATIVE_INFINITY
    let bondedRoom = Number.NEGATIVE_INFINITY
    for (let at = start; at < end; at++) {
      if (!this.#positions.isFree(at)) continue
      const node = this.#positions.nodes[at] ?? 0
      room = Math.max(room, this.#limits.roomOf(node))
      bondedRoom = Math.max(bondedRoom, this.#limits.bondedRoomOf(node))
    }
    this.#rooms[block] = room
    this.#bondedRooms[block] = bondedRoom
    return end - start
  }

  /** Sums up after blocks were looked at again. */
  sumUp(): void {
    this.#room = greatest(this.#rooms)
    this.#bondedRoom = greatest(this.#bondedRooms)
  }
}

function greatest(rooms: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY
  for (const room of rooms) if (room > most) most = room
  return most
}
