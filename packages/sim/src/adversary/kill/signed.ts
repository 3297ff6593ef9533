// What a node that does not run now has signed and what verifiers have acknowledged of it, as its disk says.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readKeyFile } from '@piecework/api'
import { bytesOf, parseAddress } from '@piecework/chain'
import { keyFromSecret, RowsView, readBatch, toHex } from '@piecework/protocol'
import { openStore, type Store } from '@piecework/store'
import { parse } from 'yaml'
import { z } from 'zod'

/**
 * More than two thirds of three equal stakes: what a node calls accepted. With less, an attestation that leaves one
 * inventory out may not admit it, and the node signs the rows again.
 */
const ENOUGH = 3
const MB = 1_048_576

export interface Signed {
  /** The hash of each batch, by epoch and number. */
  readonly batches: ReadonlyMap<string, string>
  /** Rows that more than two thirds of stake acknowledged, by job and task, and in which epoch first. */
  readonly acknowledged: ReadonlyMap<string, number>
}

const configForm = z.object({ network: z.string(), key: z.string() })

export async function signedBy(folder: string, node: string, epochs: number): Promise<Signed> {
  const config = configForm.parse(parse(await readFile(join(folder, node, 'node.yaml'), 'utf8')))
  const { publicKey } = keyFromSecret(await readKeyFile(config.key))
  const networkId = bytesOf(parseAddress(config.network))
  // As the node opens it.
  const options = { networkId, contentQuotaBytes: 512 * MB, retainStates: 1 }
  const store = await openStore(join(folder, node, 'data', 'store'), options)
  try {
    return await read(store, publicKey, epochs)
  } finally {
    await store.close()
  }
}

async function read(store: Store, nodeKey: Uint8Array, epochs: number): Promise<Signed> {
  const batches = new Map<string, string>()
  const acknowledged = new Map<string, number>()
  for (let epoch = 0; epoch <= epochs; epoch++) {
    const upTo = await acknowledgedUpTo(store, { epoch, nodeKey })
    for await (const bytes of store.receipts.batches({ epoch, nodeKey })) {
      const batch = readBatch(bytes)
      batches.set(`${epoch}/${batch.seq}`, toHex(batch.hash))
      if (batch.seq > upTo) continue
      const rows = new RowsView(batch.rows)
      for (let row = 0; row < rows.count; row++) {
        const name = `${rows.job(row)}/${rows.task(row)}`
        if (!acknowledged.has(name)) acknowledged.set(name, epoch)
      }
    }
  }
  return { batches, acknowledged }
}

/** The newest batch that enough verifiers hold; -1 for none. */
async function acknowledgedUpTo(
  store: Store,
  stint: { readonly epoch: number; readonly nodeKey: Uint8Array },
): Promise<number> {
  const heads: number[] = []
  for await (const { seq } of store.acks.of(stint)) heads.push(seq)
  return heads.toSorted((a, b) => b - a)[ENOUGH - 1] ?? -1
}
