// What homes have signed and hubs hold, as their disks say when nobody runs any more.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesOf, parseAddress } from '@piecework/chain'
import { RowsView, readBatch, toHex } from '@piecework/protocol'
import { openStore, type Store } from '@piecework/store'
import { parse } from 'yaml'
import { z } from 'zod'

const MB = 1_048_576
/** As a verifier opens it, so that nothing is let go. */
const CONTENT_MB = 4_096
const STATES = 4

const configForm = z.object({ network: z.string() })

export interface SignedBatch {
  readonly epoch: number
  readonly hash: string
  readonly rows: number
}

export interface Signed {
  readonly batches: readonly SignedBatch[]
  /** Job and task of each row, once. */
  readonly rows: ReadonlySet<string>
}

async function withStore<T>(folder: string, config: string, use: (store: Store) => Promise<T>): Promise<T> {
  const { network } = configForm.parse(parse(await readFile(join(folder, config), 'utf8')))
  const networkId = bytesOf(parseAddress(network))
  const options = { networkId, contentQuotaBytes: CONTENT_MB * MB, retainStates: STATES }
  const store = await openStore(join(folder, 'data', 'store'), options)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

export function signedBy(folder: string, nodeKey: Uint8Array, epochs: number): Promise<Signed> {
  return withStore(folder, 'node.yaml', async (store) => {
    const batches: SignedBatch[] = []
    const names = new Set<string>()
    for (let epoch = 0; epoch <= epochs; epoch++) {
      for await (const bytes of store.receipts.batches({ epoch, nodeKey })) {
        const batch = readBatch(bytes)
        const rows = new RowsView(batch.rows)
        batches.push({ epoch, hash: toHex(batch.hash), rows: rows.count })
        for (let row = 0; row < rows.count; row++) names.add(`${rows.job(row)}/${rows.task(row)}`)
      }
    }
    return { batches, rows: names }
  })
}

/** Hashes of all batches that a hub took in. */
export function heldBy(folder: string, epochs: number): Promise<ReadonlySet<string>> {
  return withStore(folder, 'verifier.yaml', async (store) => {
    const held = new Set<string>()
    for (let epoch = 0; epoch <= epochs; epoch++) {
      for await (const bytes of store.batches.in(epoch)) held.add(toHex(readBatch(bytes).hash))
    }
    return held
  })
}
