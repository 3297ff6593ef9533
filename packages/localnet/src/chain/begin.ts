// A chain from nothing, or from what a ledger kept of it.
import { LocalnetError } from '../errors.ts'
import { parse } from '../json.ts'
import type { Restored } from '../ledger/ledger.ts'
import { SLOT_HASHES_SYSVAR, toBase58 } from '../vm/address.ts'
import { Vm } from '../vm/vm.ts'
import { readTransaction } from '../vm/wire.ts'
import { Chain, type ChainRecord, landedOf } from './chain.ts'
import { History } from './history.ts'
import type { Meta } from './meta.ts'
import { newSlotHashes } from './slot-hashes.ts'

export interface Begun {
  readonly vm: Vm
  readonly chain: Chain
  readonly genesisHash: string
}

export type Record = (record: ChainRecord) => void

/** The first slot is closed and empty; the next one is yet to be opened. */
export function newChain(needs: { genesis: Uint8Array; time: number; record: Record }): Begun {
  const vm = Vm.create()
  const genesisHash = toBase58(needs.genesis)
  const first = vm.slot
  vm.setClock(first, needs.time)
  vm.setAccount(SLOT_HASHES_SYSVAR, newSlotHashes())
  const last = { slot: first, hash: genesisHash, time: needs.time }
  const start = { first, closed: [], last, transactionCount: 0 }
  return { vm, genesisHash, chain: new Chain({ vm, start, record: needs.record }) }
}

/** As it was when the ledger was last written, with that slot closed; the next one is yet to be opened. */
export function restoredChain({ snapshot, past, since }: Restored, record: Record): Begun {
  const vm = Vm.restore(snapshot.state)
  const { start, genesisHash } = snapshot
  let replaying = true
  const history = pastHistory(past)
  const chain = new Chain({ vm, start, history, record: (one) => (replaying ? undefined : record(one)) })
  for (const one of since) {
    if (chain.replay(one)) continue
    const message = `Replaying the ledger gives another chain at slot ${chain.slots.open}. It was damaged or written by another version: restore it, or start with an empty ledger folder.`
    throw new LocalnetError('ledger/damaged', message, { slot: chain.slots.open })
  }
  replaying = false
  if (since.length > 0) chain.close()
  return { vm, chain, genesisHash }
}

function pastHistory(past: readonly ChainRecord[]): History {
  const history = new History()
  let slot = 0
  let time = 0
  let order = 0
  for (const record of past) {
    if (record.kind === 'slot') {
      slot = record.slot
      time = record.time
      order = record.transactionCount
      history.advance(slot)
      continue
    }
    const transaction = readTransaction(record.bytes)
    // Written by this very program, in this very form.
    const meta = parse(record.meta) as Meta
    const { writable, readonly } = meta.loadedAddresses
    const addresses = [...transaction.keys, ...writable, ...readonly]
    history.add(landedOf(transaction, { slot, time, order, error: meta.err, meta: record.meta, addresses }))
    order += 1
  }
  return history
}
