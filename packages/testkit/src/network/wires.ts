// Who is joined, who is cut off from whom, and what waits for an answer or a listener.
import { equalBytes } from '@piecework/protocol'

export interface Member {
  readonly self: Uint8Array
  readonly running: boolean
  lookAround(): void
}

/** Waits until it is done, its member stops, or the deadline is over. */
export interface Waiting<One> {
  readonly member: One
  /** Tried with each change of who is there and listens: true when it is done. */
  retry(): boolean
  stopped(): void
  late(): void
}

export class Wires<One extends Member> {
  readonly #members: One[] = []
  readonly #cuts: (readonly [Uint8Array, Uint8Array])[] = []
  readonly #waiting = new Set<Waiting<One>>()

  join(member: One): void {
    this.#members.push(member)
  }

  cut(a: Uint8Array, b: Uint8Array): void {
    this.#cuts.push([a, b])
    this.changed()
  }

  heal(a: Uint8Array, b: Uint8Array): void {
    const left = this.#cuts.filter((cut) => !parts(cut, a, b))
    this.#cuts.splice(0, this.#cuts.length, ...left)
    this.changed()
  }

  /** Those that one is connected to, in the order in which they joined. */
  peersOf(one: One): One[] {
    return this.#members.filter((other) => {
      const together = one !== other && one.running && other.running
      return together && !this.#cuts.some((cut) => parts(cut, one.self, other.self))
    })
  }

  wait(waiting: Waiting<One>): () => void {
    this.#waiting.add(waiting)
    return () => {
      this.#waiting.delete(waiting)
    }
  }

  /** Somebody came, left, listens or answers. */
  changed(): void {
    for (const waiting of [...this.#waiting]) if (waiting.retry()) this.#waiting.delete(waiting)
    for (const member of this.#members) member.lookAround()
  }

  stopped(member: One): void {
    this.#end(
      (waiting) => waiting.member === member,
      (waiting) => waiting.stopped(),
    )
    this.changed()
  }

  runOutOfTime(): void {
    this.#end(
      () => true,
      (waiting) => waiting.late(),
    )
  }

  #end(concerns: (waiting: Waiting<One>) => boolean, end: (waiting: Waiting<One>) => void): void {
    const ended = [...this.#waiting].filter(concerns)
    for (const waiting of ended) this.#waiting.delete(waiting)
    ended.forEach(end)
  }
}

function parts(cut: readonly [Uint8Array, Uint8Array], a: Uint8Array, b: Uint8Array): boolean {
  const [c, d] = cut
  return (equalBytes(a, c) && equalBytes(b, d)) || (equalBytes(a, d) && equalBytes(b, c))
}
