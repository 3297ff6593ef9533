// Who sent what a rule rejects, again and again, is heard no more for a while: what it still sends is dropped unread, its
// connections are closed, and it finds none again until then.
import type { NetworkPorts } from './ports.ts'

/** A hub that read the chain a moment later than others may be wrong once or twice. */
const REJECTED = 3
/** Counted within so long, and heard no more for as long. */
const BAN_MS = 60_000
/** Peers that something is held against: at the bound the oldest is forgotten. */
const REMEMBERED = 4096

export interface BansParts {
  readonly ports: Pick<NetworkPorts, 'time' | 'count'>
  readonly stopping: AbortSignal
  /** Those who are never banned: peers that the operator chose. */
  readonly trusted: ReadonlySet<string>
}

export class Bans {
  readonly #parts: BansParts
  readonly #rejected = new Map<string, number>()
  /** Closes the connections of who is banned; set once there are some. */
  onBan: (peer: string) => void = () => {}

  constructor(parts: BansParts) {
    this.#parts = parts
  }

  isBanned(peer: string): boolean {
    return (this.#rejected.get(peer) ?? 0) >= REJECTED
  }

  /** Another message of this peer is rejected. */
  note(peer: string): void {
    const { ports, stopping, trusted } = this.#parts
    if (trusted.has(peer) || this.isBanned(peer)) return
    const count = (this.#rejected.get(peer) ?? 0) + 1
    // The newest is last, so that the first is the oldest.
    this.#rejected.delete(peer)
    this.#rejected.set(peer, count)
    const [oldest] = this.#rejected.keys()
    if (this.#rejected.size > REMEMBERED && oldest !== undefined) this.#rejected.delete(oldest)
    if (count > 1 && count < REJECTED) return
    void ports.time.wait(BAN_MS, stopping).then(() => this.#forgive(peer, count))
    if (count < REJECTED) return
    ports.count?.('network_banned_total', {})
    this.onBan(peer)
  }

  /** The time since its first rejected message is over; a ban lasts from the last one on. */
  #forgive(peer: string, count: number): void {
    if (this.isBanned(peer) === count >= REJECTED) this.#rejected.delete(peer)
  }
}
