// Who may do a job: a test of the caller's, asked at most once for each node, however many jobs share it.

const UNKNOWN = 0
const YES = 1
const NO = 2

export class Eligibility {
  readonly #nodes: Uint32Array
  readonly #test: ((node: number) => boolean) | undefined
  readonly #answers: Uint8Array

  constructor(nodes: Uint32Array, test: ((node: number) => boolean) | undefined) {
    this.#nodes = nodes
    this.#test = test
    this.#answers = new Uint8Array(test === undefined ? 0 : nodes.length)
  }

  /** `node` is a position in the workforce. */
  allows(node: number): boolean {
    if (this.#test === undefined) return true
    if (this.#answers[node] === UNKNOWN) {
      this.#answers[node] = this.#test(this.#nodes[node] ?? 0) ? YES : NO
    }
    return this.#answers[node] === YES
  }
}
