// Batches on their way between hubs. Homes send them one by one; a hub passes on together what came to it within a moment,
// because a frame costs it more than what is in it. A bundle goes from hub to hub as it is, so that all know it by one
// name, unless most of it is old: then what is new goes on in the next bundle from here, and nobody is made to spread
// again what all have.
import { createHash } from 'node:crypto'
import { ProtocolError } from '@piecework/protocol'
import { bundleCodec } from '../codecs/bundle.ts'
import { BUNDLE_BATCHES, BUNDLE_BYTES } from '../limits.ts'
import { type RuleId, TOPIC_RULES } from '../topics.ts'
import type { NetworkPorts } from './ports.ts'

/**
 * A batch waits for others so long at most, and half of it at least: the hubs of one home all have it, and the first to
 * speak spares the others most of it.
 */
const HOLD_MS = 300

export interface BundlesParts {
  readonly ports: Pick<NetworkPorts, 'time' | 'random' | 'count'>
  readonly stopping: AbortSignal
  readonly send: (bundle: Uint8Array) => Promise<void>
}

export interface Looking {
  readonly judge: (batch: Uint8Array) => Promise<RuleId>
  /** Of strangers one batch is looked at after the other, and none after one that is rejected. */
  readonly atOnce: boolean
}

export class Bundles {
  readonly #parts: BundlesParts
  /** Accepted, and not passed on yet, by name. */
  readonly #waiting = new Map<string, Uint8Array>()
  #bytes = 0
  #isHeld = false

  constructor(parts: BundlesParts) {
    this.#parts = parts
  }

  /** An accepted batch, to be passed on. */
  take(batch: Uint8Array): void {
    const name = nameOf(batch)
    if (this.#waiting.has(name)) return
    if (this.#waiting.size >= BUNDLE_BATCHES || this.#bytes + batch.length > BUNDLE_BYTES) this.#flush()
    this.#waiting.set(name, batch)
    this.#bytes += batch.length
    if (!this.#isHeld) void this.#hold()
  }

  /** The rule for a bundle: what it says of it, gossip does. */
  async look(bytes: Uint8Array, looking: Looking): Promise<RuleId> {
    const batches = read(bytes)
    if (batches === undefined) return 'malformed'
    const rules = await rulesOf(batches, looking)
    const isNew = (batch: Uint8Array, at: number): boolean => {
      const rule = rules[at]
      return (
        (rule !== undefined && TOPIC_RULES[rule].verdict === 'accept') || this.#waiting.has(nameOf(batch))
      )
    }
    const fresh = batches.filter(isNew)
    const rejected = rules.find((rule) => TOPIC_RULES[rule].verdict === 'reject')
    if (rejected === undefined && 2 * fresh.length >= batches.length) {
      for (const batch of fresh) this.#drop(nameOf(batch))
      return 'sound'
    }
    for (const batch of fresh) this.take(batch)
    return rejected ?? (fresh.length > 0 ? 'mostly-known' : (rules[0] ?? 'malformed'))
  }

  #drop(name: string): void {
    this.#bytes -= this.#waiting.get(name)?.length ?? 0
    this.#waiting.delete(name)
  }

  async #hold(): Promise<void> {
    const { ports, stopping } = this.#parts
    this.#isHeld = true
    await ports.time.wait(HOLD_MS * (1 - ports.random() / 2), stopping)
    this.#isHeld = false
    this.#flush()
  }

  #flush(): void {
    if (this.#waiting.size === 0) return
    const batches = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#bytes = 0
    this.#parts.ports.count?.('network_bundles_total', {})
    void this.#parts.send(bundleCodec.encode(batches))
  }
}

function nameOf(batch: Uint8Array): string {
  return createHash('sha256').update(batch).digest('base64')
}

/** Copies, so that who keeps a batch does not keep all that came with it. */
function read(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    return bundleCodec.decode(bytes).map((batch) => new Uint8Array(batch))
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

/** In the order of the batches, up to the first that is rejected when they are looked at one by one. */
async function rulesOf(
  batches: readonly Uint8Array[],
  { judge, atOnce }: Looking,
): Promise<readonly RuleId[]> {
  if (atOnce) return Promise.all(batches.map(judge))
  const rules: RuleId[] = []
  for (const batch of batches) {
    const rule = await judge(batch)
    rules.push(rule)
    if (TOPIC_RULES[rule].verdict === 'reject') break
  }
  return rules
}
