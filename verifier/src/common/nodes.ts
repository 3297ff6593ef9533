// Nodes by their keys. Indices are never reused, so that a newer state only adds some.
import { type State, toHex } from '@piecework/protocol'

export class Nodes {
  readonly #indices = new Map<string, number>()
  #keys: readonly { readonly nodeKey: Uint8Array }[] = []

  see({ nodes }: State): void {
    for (let index = this.#indices.size; index < nodes.length; index++) {
      const node = nodes[index]
      if (node !== undefined) this.#indices.set(toHex(node.nodeKey), index)
    }
    if (nodes.length >= this.#keys.length) this.#keys = nodes
  }

  indexOf(nodeKey: Uint8Array): number | undefined {
    return this.#indices.get(toHex(nodeKey))
  }

  keyOf(index: number): Uint8Array | undefined {
    return this.#keys[index]?.nodeKey
  }
}
