// The store of a node, where its config says: for the daemon, and for the commands that back it up.
import { join } from 'node:path'
import { bytesOf, parseAddress } from '@piecework/chain'
import { openStore, type Store } from '@piecework/store'
import type { NodeConfig } from './config.ts'

const BYTES_OF_MB = 1_048_576
/** A node needs no states. */
const RETAIN_STATES = 1

export function nodeStoreFolder({ folder }: Pick<NodeConfig, 'folder'>): string {
  return join(folder, 'store')
}

export function openNodeStore(config: Pick<NodeConfig, 'folder' | 'network' | 'contentMb'>): Promise<Store> {
  return openStore(nodeStoreFolder(config), {
    networkId: bytesOf(parseAddress(config.network)),
    contentQuotaBytes: config.contentMb * BYTES_OF_MB,
    retainStates: RETAIN_STATES,
  })
}
