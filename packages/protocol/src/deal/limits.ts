// What each node was dealt in this epoch, over all kinds and jobs: it can lose what it could fake at once.

export class NodeLimits {
  readonly #bonds: BigUint64Array
  readonly #trialRows: number
  readonly #values: bigint[]
  readonly #rows: Uint32Array

  constructor(bonds: BigUint64Array, trialRows: number) {
    this.#bonds = bonds
    this.#trialRows = trialRows
    this.#values = new Array<bigint>(bonds.length).fill(0n)
    this.#rows = new Uint32Array(bonds.length)
  }

  allows(node: number, value: bigint): boolean {
    if ((this.#rows[node] ?? 0) < this.#trialRows) return true
    return (this.#values[node] ?? 0n) + value <= (this.#bonds[node] ?? 0n)
  }

  add(node: number, value: bigint): void {
    this.#rows[node] = (this.#rows[node] ?? 0) + 1
    this.#values[node] = (this.#values[node] ?? 0n) + value
  }
}
