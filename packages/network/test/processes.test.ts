// Three hubs and five homes, each a process of its own, over real connections: everything that is published reaches
// every hub; and one that is killed and comes back at its address is found again by all.
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { Mailbox } from './support/mailbox.ts'
import type { Order, Said } from './support/peer-main.ts'

const HUBS = 3
const HOMES = 5
const MESSAGES = 20
const MAIN = fileURLToPath(new URL('./support/peer-main.ts', import.meta.url))

class Peer {
  readonly order: Order
  key = ''
  addresses: readonly string[] = []
  readonly heard = new Set<string>()
  readonly connected = new Set<string>()
  readonly #child: ChildProcess
  readonly #said = new Mailbox<Said>()

  constructor(order: Order) {
    this.order = order
    this.#child = fork(MAIN, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', (said: Said) => {
      if (said.said === 'heard') this.heard.add(said.text)
      if (said.said === 'connected') this.connected.add(said.key)
      this.#said.put(said)
    })
  }

  async start(): Promise<this> {
    this.#child.send(this.order)
    await this.until(
      () => this.key !== '',
      (said) => {
        if (said.said === 'started') [this.key, this.addresses] = [said.key, said.addresses]
      },
    )
    return this
  }

  /** Looks at what it says until that is so. */
  async until(isSo: () => boolean, look: (said: Said) => void = () => undefined): Promise<void> {
    while (!isSo()) look(await this.#said.next())
  }

  async publish(batches: readonly string[]): Promise<void> {
    this.#child.send(batches)
    let published = false
    await this.until(
      () => published,
      ({ said }) => {
        published = said === 'published'
      },
    )
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }
}

const batches = (): string[] => Array.from({ length: MESSAGES }, () => randomBytes(224).toString('hex'))

describe('peers as processes', () => {
  const peers: Peer[] = []
  afterEach(async () => {
    await Promise.all(peers.map((peer) => peer.kill()))
  })

  const made = (order: Order): Promise<Peer> => {
    const peer = new Peer(order)
    peers.push(peer)
    return peer.start()
  }

  /**
   * All homes publish at once, and again what a hub lacks, as nodes do until verifiers acknowledge: gossip tells a hub
   * that has just come nothing of the moment before.
   */
  async function published(homes: readonly Peer[], hubs: readonly Peer[]): Promise<void> {
    const own = homes.map((home) => ({ home, batches: batches() }))
    await Promise.all(
      own.map(async ({ home, batches: all }) => {
        for (let left = all; left.length > 0; ) {
          await home.publish(left)
          left = left.filter((batch) => hubs.some((hub) => !hub.heard.has(batch)))
        }
      }),
    )
    const wanted = own.flatMap(({ batches: all }) => all)
    expect(wanted.length).toBe(HOMES * MESSAGES)
    for (const hub of hubs) expect(wanted.filter((batch) => !hub.heard.has(batch))).toEqual([])
  }

  it('reach every hub, also one that was killed and came back', async () => {
    const hubs: Peer[] = []
    for (let number = 0; number < HUBS; number++) {
      const bootstrap = hubs.flatMap(({ addresses }) => addresses)
      hubs.push(await made({ number, role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap }))
    }
    const bootstrap = hubs.flatMap(({ addresses }) => addresses)
    const homes = await Promise.all(
      Array.from({ length: HOMES }, (_, i) =>
        made({ number: HUBS + i, role: 'home', listen: [], bootstrap }),
      ),
    )
    await published(homes, hubs)

    const [first, ...others] = hubs
    if (first === undefined) throw new Error('there is no hub')
    await first.kill()
    const listen = first.addresses.map((address) => address.replace(/\/p2p\/.*$/, ''))
    const again = await made({ ...first.order, listen })
    expect(again.key).toBe(first.key)
    const keys = [...others, ...homes].map(({ key }) => key)
    await again.until(() => keys.every((key) => again.connected.has(key)))
    await published(homes, [again, ...others])
  })
})
