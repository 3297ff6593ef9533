// Who may do a job, by a test of the caller's: each node of the kind is asked once, however many jobs share the test.

export type NodeTest = (node: number) => boolean

export class EligibleNodes {
  /** A bit for each position in the workforce: a test's answers are kept for a whole epoch. */
  readonly #bits: Uint8Array

  /** `asked` are positions in the workforce, `nodes` its node indices. */
  constructor(test: NodeTest, asked: Uint32Array, nodes: Uint32Array) {
    this.#bits = new Uint8Array(Math.ceil(nodes.length / 8))
    for (const node of asked) {
      if (!test(nodes[node] ?? 0)) continue
      this.#bits[node >> 3] = (this.#bits[node >> 3] ?? 0) | (1 << (node & 7))
    }
  }

  has(node: number): boolean {
    return ((this.#bits[node >> 3] ?? 0) & (1 << (node & 7))) !== 0
  }
}
