// One peer of MemoryNetworks: the Network port, with values as the bytes that would travel.
import {
  type Asked,
  alreadyTaken,
  answerBytes,
  askedOf,
  checkGossip,
  failures,
  LINKS,
  type Link,
  type Network,
  nobodyListens,
  type Peer,
  type Protocol,
  questionBytes,
  type Received,
  type RuleId,
  readAnswer,
  readQuestion,
  refusalOf,
  type TakeLink,
  TOPIC_RULES,
  type Topic,
  type Unsubscribe,
  type Until,
} from '@piecework/network'
import { equalBytes, toHex } from '@piecework/protocol'
import { type LinkShape, memoryLink } from './memory-link.ts'
import type { Wires } from './wires.ts'

type Judge = (message: Received) => Promise<RuleId>
type Answerer = (question: Uint8Array, from: Uint8Array) => Promise<Uint8Array>

/** Messages that one peer remembers: more than a test sends. When there are more, it forgets all, as gossip does in time. */
const SEEN_MESSAGES = 65_536

export class MemoryNetwork implements Network {
  readonly self: Uint8Array
  readonly #wires: Wires<MemoryNetwork>
  readonly #judges = new Map<Topic, Judge>()
  readonly #answerers = new Map<string, Answerer>()
  /** What each was told: of each peer its protocols. */
  readonly #listeners = new Map<(peer: Peer) => void, Map<string, string>>()
  readonly #seen = new Set<string>()
  readonly #links = new Map<MemoryNetwork, Link>()
  #take: TakeLink | undefined
  #linkMs = 0
  #running = false
  /** Of links to it; changed by a test. */
  shape: LinkShape

  constructor(key: Uint8Array, wires: Wires<MemoryNetwork>) {
    this.self = key
    this.shape = { address: `memory:${toHex(key)}`, bytesPerMs: Infinity }
    this.#wires = wires
  }

  get running(): boolean {
    return this.#running
  }

  start(): Promise<void> {
    this.#running = true
    this.#wires.changed()
    return Promise.resolve()
  }

  stop(): Promise<void> {
    this.#running = false
    for (const link of this.#links.values()) link.close()
    this.#wires.stopped(this)
    return Promise.resolve()
  }

  addresses(): readonly string[] {
    return this.#running ? [`memory:${toHex(this.self)}`] : []
  }

  peers(): readonly Peer[] {
    return this.#wires.peersOf(this).map((peer) => ({
      key: peer.self,
      addresses: peer.addresses(),
      answers: [...peer.#answerers.keys(), ...(peer.#take === undefined ? [] : [LINKS])].sort(),
    }))
  }

  onPeer(listener: (peer: Peer) => void): Unsubscribe {
    this.#listeners.set(listener, new Map())
    this.lookAround()
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Tells listeners who is new, or answers something else. */
  lookAround(): void {
    const peers = this.peers()
    for (const [listener, told] of this.#listeners) {
      const news = peers.filter(({ key, answers }) => told.get(toHex(key)) !== answers.join())
      told.clear()
      for (const { key, answers } of peers) told.set(toHex(key), answers.join())
      news.forEach(listener)
    }
  }

  async publish(topic: Topic, message: Uint8Array): Promise<void> {
    checkGossip(topic, message)
    this.#remember(topic, message)
    return new Promise((resolve, reject) => {
      const retry = (): boolean => {
        const taken = this.#spread(topic, message)
        if (taken) resolve()
        return taken
      }
      const late = (): void => reject(nobodyListens(topic))
      if (!retry()) this.#wires.wait({ member: this, retry, late, stopped: late })
    })
  }

  /** To all neighbours that listen: true when there are any. */
  #spread(topic: Topic, message: Uint8Array): boolean {
    const listening = this.#wires.peersOf(this).filter((peer) => peer.#judges.has(topic))
    for (const peer of listening) void peer.#receive(topic, { bytes: message, from: this.self })
    return listening.length > 0
  }

  async #receive(topic: Topic, message: Received): Promise<void> {
    const judge = this.#judges.get(topic)
    if (judge === undefined || !this.#remember(topic, message.bytes)) return
    // A copy, as if it had travelled.
    const rule = await judge({ ...message, bytes: message.bytes.slice() })
    if (TOPIC_RULES[rule].verdict === 'accept') this.#spread(topic, message.bytes)
  }

  /** False when it was seen before. */
  #remember(topic: Topic, message: Uint8Array): boolean {
    const name = `${topic} ${toHex(message)}`
    if (this.#seen.has(name)) return false
    if (this.#seen.size >= SEEN_MESSAGES) this.#seen.clear()
    this.#seen.add(name)
    return true
  }

  subscribe(topic: Topic, judge: Judge): Unsubscribe {
    return this.#enter(this.#judges, topic, judge)
  }

  answer<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    answer: (question: Question, from: Uint8Array) => Promise<Answer>,
  ): Unsubscribe {
    return this.#enter(this.#answerers, protocol.name, async (question, from) =>
      answerBytes(protocol, await answer(readQuestion(protocol, question), from)),
    )
  }

  #enter<Name, Value>(map: Map<Name, Value>, name: Name, value: Value): Unsubscribe {
    if (map.has(name)) throw alreadyTaken(String(name))
    map.set(name, value)
    this.#wires.changed()
    return () => {
      if (map.get(name) !== value) return
      map.delete(name)
      this.#wires.changed()
    }
  }

  async ask<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    question: Question,
    to: Uint8Array | Until,
  ): Promise<Answer> {
    const asked = askedOf(protocol.name, to)
    const { peer, signal } = asked
    const bytes = questionBytes(protocol, question)
    if (!this.#running) throw failures.stopped(asked)
    if (signal?.aborted === true) throw failures.givenUp(asked)
    const other = this.#wires.peersOf(this).find(({ self }) => equalBytes(self, peer))
    if (other === undefined) throw failures.unreachable(asked)
    const answerer = other.#answerers.get(protocol.name)
    if (answerer === undefined) throw failures.unsupported(asked)
    return readAnswer(protocol, await this.#answered(answerer(bytes, this.self), asked))
  }

  /** Milliseconds that bytes took on links that were opened here: they have a clock of their own. */
  get linkMs(): number {
    return this.#linkMs
  }

  async openLink(peer: Uint8Array, wallMs: number): Promise<Link> {
    const asked = { protocol: LINKS, peer }
    if (!this.#running) throw failures.stopped(asked)
    const other = this.#wires.peersOf(this).find(({ self }) => equalBytes(self, peer))
    if (other === undefined) throw failures.unreachable(asked)
    const take = other.#take
    if (take === undefined) throw failures.unsupported(asked)
    if (this.#links.has(other)) throw failures.busy(asked, 'there is a link to it already')
    const [near, far] = memoryLink({
      near: this.shape,
      far: other.shape,
      pass: (milliseconds) => {
        this.#linkMs += milliseconds
      },
      wallMs,
      closed: () => this.#links.delete(other),
    })
    this.#links.set(other, near)
    take(far, this.self)
      .catch(() => undefined)
      .finally(() => far.close())
    return near
  }

  takeLinks(take: TakeLink): Unsubscribe {
    if (this.#take !== undefined) throw alreadyTaken(LINKS)
    this.#take = take
    this.#wires.changed()
    return () => {
      if (this.#take !== take) return
      this.#take = undefined
      this.#wires.changed()
    }
  }

  /** Its answer, or what its refusal or the deadline makes of it. */
  #answered(answer: Promise<Uint8Array>, asked: Asked): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const done = this.#wires.wait({
        member: this,
        retry: () => false,
        late: () => reject(failures.timeout(asked)),
        stopped: () => reject(failures.stopped(asked)),
      })
      const giveUp = (): void => {
        done()
        reject(failures.givenUp(asked))
      }
      asked.signal?.addEventListener('abort', giveUp, { once: true })
      const refuse = (error: unknown): void => reject(failures.refused(asked, refusalOf(error)))
      answer.then(resolve, refuse).finally(done)
    })
  }
}
