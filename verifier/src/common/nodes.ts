// Nodes by their keys. Indices are never reused, so that a newer state only adds some, and prunes others.
import { type BucketOf, bucketIn, type State, toHex } from '@piecework/protocol'

export class Nodes {
  #indices: ReadonlyMap<string, number> = new Map()
  #keys: readonly { readonly nodeKey: Uint8Array }[] = []
  #buckets: BucketOf = bucketIn([])

  see({ nodes }: State): void {
    if (nodes.length < this.#keys.length) return
    const named = nodes.map(({ nodeKey }, index) => [toHex(nodeKey), index] as const)
    // A pruned node has no key any more.
    this.#indices = new Map(named.filter(([name]) => name !== ''))
    this.#keys = nodes
    this.#buckets = bucketIn(nodes)
  }

  indexOf(nodeKey: Uint8Array): number | undefined {
    return this.#indices.get(toHex(nodeKey))
  }

  keyOf(index: number): Uint8Array | undefined {
    return this.#keys[index]?.nodeKey
  }

  /** Where inventories list a node. */
  get bucketOf(): BucketOf {
    return this.#buckets
  }
}
