// Who takes the tasks of a job, in dealing order: a column that grows, because there are a million of them.

const FIRST_ROOM = 1024

export class Takers {
  #length = 0
  #tasks = new Uint32Array(FIRST_ROOM)
  #nodes = new Uint32Array(FIRST_ROOM)

  get length(): number {
    return this.#length
  }

  /** The node at this place, by its position in the workforce. */
  node(place: number): number {
    return this.#nodes[place] ?? 0
  }

  add(task: number, node: number): void {
    if (this.#length === this.#nodes.length) this.#grow()
    this.#tasks[this.#length] = task
    this.#nodes[this.#length] = node
    this.#length += 1
  }

  /** Copies of the columns. */
  columns(): { readonly tasks: Uint32Array<ArrayBuffer>; readonly nodes: Uint32Array<ArrayBuffer> } {
    return { tasks: this.#tasks.slice(0, this.#length), nodes: this.#nodes.slice(0, this.#length) }
  }

  /** Ready for the next job, with the room it has. */
  clear(): void {
    this.#length = 0
  }

  #grow(): void {
    const [tasks, nodes] = [this.#tasks, this.#nodes]
    this.#tasks = new Uint32Array(2 * tasks.length)
    this.#nodes = new Uint32Array(2 * nodes.length)
    this.#tasks.set(tasks)
    this.#nodes.set(nodes)
  }
}
