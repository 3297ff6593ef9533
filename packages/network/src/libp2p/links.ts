// Links to and from other peers: only over a connection of their own that is there. Through a relay it would be the relay
// that is measured, and what it carries for a home is soon used up; and to look for a peer takes as long as to measure it.
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { toHex } from '@piecework/protocol'
import { alreadyTaken, failures } from '../exchange.ts'
import { LINKS, type Link, type TakeLink } from '../link.ts'
import type { Unsubscribe } from '../port.ts'
import { type Deadline, deadlineOf } from './deadline.ts'
import { isDirect } from './direct.ts'
import { failureOf } from './failure.ts'
import { keyOf, peerIdOf } from './keys.ts'
import type { Names } from './names.ts'
import type { NetworkPorts } from './ports.ts'
import { linkOver } from './stream-link.ts'

/** Who measures for longer keeps others from it. */
const TAKEN_MS = 60_000
/** From all peers together: those who measure at one moment find the link as narrow as they make it for each other. */
const TAKEN_AT_ONCE = 16

export class Links {
  readonly #names: Names
  readonly #ports: NetworkPorts
  readonly #stopping: AbortSignal
  /** Peers with a link from here, and those with one to here: one each. */
  readonly #opened = new Set<string>()
  readonly #taken = new Set<string>()
  #libp2p: Libp2p | undefined
  #take: TakeLink | undefined

  constructor(names: Names, ports: NetworkPorts, stopping: AbortSignal) {
    this.#names = names
    this.#ports = ports
    this.#stopping = stopping
  }

  /** Before it runs, so that peers learn of all protocols at once. */
  async attach(libp2p: Libp2p): Promise<void> {
    this.#libp2p = libp2p
    if (this.#take !== undefined) await this.#handle(libp2p)
  }

  take(take: TakeLink): Unsubscribe {
    if (this.#take !== undefined) throw alreadyTaken(LINKS)
    this.#take = take
    if (this.#libp2p !== undefined) this.#report(this.#handle(this.#libp2p))
    return () => {
      if (this.#take !== take) return
      this.#take = undefined
      if (this.#libp2p !== undefined) this.#report(this.#libp2p.unhandle(this.#names.protocol(LINKS)))
    }
  }

  #report(change: Promise<void>): void {
    change.catch((error) =>
      this.#ports.log?.warn('network-protocol-failed', { protocol: LINKS, why: String(error) }),
    )
  }

  #handle(libp2p: Libp2p): Promise<void> {
    const handler = (stream: Stream, connection: Connection): void => void this.#serve(stream, connection)
    return libp2p.handle(this.#names.protocol(LINKS), handler, { maxInboundStreams: 1, force: true })
  }

  async #serve(stream: Stream, { remotePeer, remoteAddr }: Connection): Promise<void> {
    const from = keyOf(remotePeer)
    const take = this.#take
    const name = remotePeer.toString()
    if (from === undefined || take === undefined || this.#isFull(name)) {
      this.#count('network/busy')
      stream.abort(new Error('too many links'))
      return
    }
    this.#taken.add(name)
    const deadline = deadlineOf(this.#ports.time, TAKEN_MS, this.#stopping)
    const link = linkOver(stream, hostOf(remoteAddr), deadline.signal)
    try {
      await take(link, from)
      this.#count('taken')
    } catch {
      // The other end went, or was too slow: it knows.
      this.#count(deadline.isOver() ? 'network/timeout' : 'network/unreachable')
    } finally {
      link.close()
      deadline.end()
      this.#taken.delete(name)
    }
  }

  #isFull(name: string): boolean {
    return this.#taken.has(name) || this.#taken.size >= TAKEN_AT_ONCE
  }

  async open(peer: Uint8Array, wallMs: number): Promise<Link> {
    const asked = { protocol: LINKS, peer }
    const libp2p = this.#libp2p
    if (libp2p === undefined || this.#stopping.aborted) throw failures.stopped(asked)
    const name = toHex(peer)
    if (this.#opened.has(name)) throw failures.busy(asked, 'there is a link to it already')
    this.#opened.add(name)
    const deadline = deadlineOf(this.#ports.time, wallMs, this.#stopping)
    const end = (): void => {
      deadline.end()
      this.#opened.delete(name)
    }
    try {
      const link = await this.#dial(libp2p, { peer, deadline, end })
      this.#count('opened')
      return link
    } catch (error) {
      end()
      const failure = failureOf(error, { asked, deadline, stopping: this.#stopping })
      this.#count(failure.code)
      throw failure
    }
  }

  async #dial(libp2p: Libp2p, { peer, deadline, end }: Dialling): Promise<Link> {
    const { signal } = deadline
    const connection = libp2p.getConnections(peerIdOf(peer)).find(isDirect)
    if (connection === undefined)
      throw failures.unreachable({ protocol: LINKS, peer }, 'there is no connection of its own to it')
    const stream = await connection.newStream(this.#names.protocol(LINKS), { signal })
    stream.addEventListener('close', end, { once: true })
    if (stream.status !== 'open') end()
    return linkOver(stream, hostOf(connection.remoteAddr), signal)
  }

  #count(outcome: string): void {
    this.#ports.count?.('network_links_total', { outcome })
  }
}

interface Dialling {
  readonly peer: Uint8Array
  readonly deadline: Deadline
  readonly end: () => void
}

/** The IP address of a connection; what has none stands for itself. */
function hostOf(address: Multiaddr): string {
  const [host] = address.getComponents()
  return host?.value ?? address.toString()
}
