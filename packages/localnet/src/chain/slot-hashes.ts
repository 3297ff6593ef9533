// The SlotHashes sysvar, kept as the bytes it has on chain: shifting 20 kB is four times faster than litesvm's setter.
import type { Account } from '../vm/account.ts'
import { addressBytes, type Blockhash, SLOT_HASHES_SYSVAR, SYSVAR_OWNER } from '../vm/address.ts'
import type { Vm } from '../vm/vm.ts'

const MAX_ENTRIES = 512
const ENTRY_BYTES = 40
const COUNT_BYTES = 8

export function newSlotHashes(): Account {
  const data = Buffer.alloc(COUNT_BYTES + MAX_ENTRIES * ENTRY_BYTES)
  return { lamports: 1n, data, owner: SYSVAR_OWNER, executable: false }
}

/** Puts a slot's hash in front, newest first; the oldest falls off the end. */
export function pushSlotHash(vm: Vm, slot: number, hash: Blockhash): void {
  const account = vm.account(SLOT_HASHES_SYSVAR) ?? newSlotHashes()
  const data = Buffer.from(account.data)
  const count = Math.min(Number(data.readBigUInt64LE(0)) + 1, MAX_ENTRIES)
  data.copyWithin(COUNT_BYTES + ENTRY_BYTES, COUNT_BYTES, data.length - ENTRY_BYTES)
  data.writeBigUInt64LE(BigInt(count), 0)
  data.writeBigUInt64LE(BigInt(slot), COUNT_BYTES)
  data.set(addressBytes(hash), COUNT_BYTES + 8)
  vm.setAccount(SLOT_HASHES_SYSVAR, { ...account, data })
}
