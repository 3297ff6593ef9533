// Inventory: when intake ends, lists what is here, whole and on disk, and offers its root for the chain. It is made once:
// after a power cut it is the same.
import { addressOf } from '@piecework/chain'
import {
  compareBytes,
  concat,
  enrolmentHash,
  fromHex,
  hashListCodec,
  INVENTORY_HASHES,
  type InventoryParts,
  inventoryRoot,
  makeInventory,
  readInventory,
  splitEnrolment,
  stampHash,
  toHex,
} from '@piecework/protocol'
import type { EpochFiles, SigningGuard } from '@piecework/store'
import { readKnown } from '@piecework/work'
import type { EpochWork } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { type Moment, openEpochs, sealedEpochs, seatOf } from './common/moment.ts'
import type { Nodes } from './common/nodes.ts'
import type { Secrets } from './common/secrets.ts'
import { type StoredInventory, storedInventory } from './common/stored-inventory.ts'
import type { Offers } from './offers.ts'

const NAME = 'inventory'
/**
 * What one inventory lists is written to disk at once, where a transaction has at most 80 MB: 40 bytes for each head,
 * 40 MB of those; 16 MB of enrolments; 16 MB of known answers (`KnownRoom`).
 */
const HEADS = 1_000_000
const ENROLMENT_BYTES = 16_777_216

export interface InventoryPorts {
  readonly networkId: Uint8Array
  readonly voteKey: Uint8Array
  readonly epochs: Epochs
  readonly nodes: Nodes
  readonly duties: EpochFiles
  readonly secrets: Secrets
  readonly guard: SigningGuard
  readonly offers: Offers
  /** Enrolments that wait to enter. */
  readonly waiting: () => ReadonlyMap<string, Uint8Array>
}

interface ListedEnrolment {
  readonly name: string
  readonly signed: Uint8Array
}

export class Inventory {
  readonly #ports: InventoryPorts

  constructor(ports: InventoryPorts) {
    this.#ports = ports
  }

  async see(moment: Moment): Promise<undefined> {
    for (const epoch of [...openEpochs(moment), ...sealedEpochs(moment)]) {
      const work = this.#ports.epochs.get(epoch.number)
      const seated = seatOf(epoch, addressOf(this.#ports.voteKey))
      if (work === undefined || work.inventory !== undefined || seated === undefined) continue
      const kept = await this.#ports.duties.find(epoch.number, NAME)
      const isDue = epoch.state === 'open' && moment.slot >= epoch.endsAt + epoch.grace
      const stored = kept === undefined ? undefined : storedInventory.decode(kept)
      if (stored !== undefined) await this.#have(work, stored, { id: seated.seat.id, since: moment.slot })
      else if (isDue) await this.#make(work, seated.seat.id, moment.slot)
    }
  }

  async #make(work: EpochWork, id: number, since: number): Promise<void> {
    const { networkId, nodes, duties, secrets, guard, waiting } = this.#ports
    work.closed = true
    // Another may have been signed for it: this one lists nothing then.
    if (work.number < (await guard.floor())) return
    const listed = fitting(waiting(), networkId)
    const known = [...work.opened.names].flatMap((name) => {
      const held = work.known.get(name)
      return held === undefined ? [] : [{ name, held }]
    })
    const heads = [...work.heads.values()]
      .flatMap((head) => {
        const node = nodes.indexOf(head.nodeKey)
        // Of a node that was pruned meanwhile nothing counts.
        return node === undefined ? [] : [{ node, head }]
      })
      .sort((a, b) => a.node - b.node)
      .slice(0, HEADS)
    const parts = makeInventory(
      {
        networkId,
        epoch: work.number,
        verifierId: id,
        secretHash: await secrets.namedIn(work.number),
        nodes: Uint32Array.from(heads, ({ node }) => node),
        seqs: Uint32Array.from(heads, ({ head }) => head.seq),
        heads: concat(heads.map(({ head }) => head.hash)),
        enrolments: listed.map(({ name }) => fromHex(name)),
        known: known.map(({ name }) => fromHex(name)),
        appeals: [],
      },
      nodes.bucketOf,
    )
    const stored = {
      header: parts.header,
      buckets: parts.buckets,
      listed: parts.enrolments,
      enrolments: listed.map(({ signed }) => signed),
      listedKnown: parts.known,
      known: known.map(({ held }) => held.bytes),
    }
    await duties.keep(work.number, [{ name: NAME, bytes: storedInventory.encode(stored) }])
    await this.#have(work, stored, { id, since })
  }

  /** From here on nothing more is taken in, and this is what is served and posted. */
  async #have(
    work: EpochWork,
    { header, buckets, listed, enrolments, listedKnown, known }: StoredInventory,
    { id, since }: { readonly id: number; readonly since: number },
  ): Promise<void> {
    const { networkId, voteKey, nodes, guard, offers } = this.#ports
    const empty = hashListCodec.encode([])
    const parts: InventoryParts = { header, buckets, enrolments: listed, known: listedKnown, appeals: empty }
    const root = inventoryRoot(networkId, header)
    const epoch = work.number
    await guard.permit({ what: 'inventory', epoch, key: voteKey, at: 0 }, root)
    const { bucketOf } = nodes
    const data = readInventory(parts, { networkId, epoch, verifierId: id, root, bucketOf })
    for (const signed of enrolments) {
      work.enrolments.set(toHex(enrolmentHash(networkId, splitEnrolment(signed).message)), signed)
    }
    for (const bytes of known) {
      const { hash, known: message } = readKnown(bytes)
      work.known.set(toHex(hash), { job: message.job, bytes })
    }
    work.closed = true
    work.inventory = { parts, root }
    work.inventories.set(id, { parts, data, since })
    offers.put({ what: 'inventory', epoch, value: root })
  }
}

/** As far as there is room, best stamps first: a flood would have to pay for its places. The others wait on. */
function fitting(
  waiting: ReadonlyMap<string, Uint8Array>,
  networkId: Uint8Array,
): readonly ListedEnrolment[] {
  const stamped = [...waiting].map(([name, signed]) => {
    return { name, signed, stamp: stampHash(networkId, splitEnrolment(signed).message) }
  })
  stamped.sort((a, b) => compareBytes(a.stamp, b.stamp))
  let bytes = 0
  const fit = stamped.filter(({ signed }) => {
    bytes += signed.length
    return bytes <= ENROLMENT_BYTES
  })
  return fit.slice(0, INVENTORY_HASHES)
}
