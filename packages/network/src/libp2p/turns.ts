// How many messages of one peer are judged at once: a few of a stranger, and one more for each that was accepted. A frame
// can hold a thousand, and all of them would be looked at before the first is found to be bad.

/** Of who has brought nothing yet. */
const AT_FIRST = 2
/** However much somebody has brought: writes that one sync of a disk takes. */
const AT_MOST = 1024
/** Peers whose good messages are remembered: at the bound the oldest is forgotten. */
const REMEMBERED = 4096

interface Peer {
  judged: number
  accepted: number
  /** In the order in which they came. */
  readonly waiting: (() => void)[]
}

export class Turns {
  readonly #peers = new Map<string, Peer>()

  /** Resolves when it is this message's turn; whoever took one gives it back. */
  async take(name: string): Promise<void> {
    const peer = this.#peers.get(name) ?? this.#meet(name)
    if (hasRoom(peer)) peer.judged++
    else await new Promise<void>((begin) => peer.waiting.push(begin))
  }

  give(name: string, isAccepted: boolean): void {
    const peer = this.#peers.get(name)
    if (peer === undefined) return
    peer.judged--
    if (isAccepted) peer.accepted++
    while (hasRoom(peer) && peer.waiting.length > 0) {
      // Its turn is taken here, so that nobody who comes just now gets it too.
      peer.judged++
      peer.waiting.shift()?.()
    }
  }

  #meet(name: string): Peer {
    for (const [known, { judged, waiting }] of this.#peers) {
      if (this.#peers.size < REMEMBERED) break
      if (judged + waiting.length === 0) this.#peers.delete(known)
    }
    const peer = { judged: 0, accepted: 0, waiting: [] }
    this.#peers.set(name, peer)
    return peer
  }
}

function hasRoom({ judged, accepted }: Peer): boolean {
  return judged < Math.min(AT_MOST, AT_FIRST + accepted)
}
