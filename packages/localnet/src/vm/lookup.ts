// The accounts that a version 0 transaction takes from address lookup tables.
import { ADDRESS_BYTES, type Address, toBase58 } from './address.ts'
import type { Vm } from './vm.ts'
import type { Transaction } from './wire.ts'

/** A table's own fields come before its addresses. */
const TABLE_HEADER_BYTES = 56

export interface LoadedAddresses {
  readonly writable: readonly Address[]
  readonly readonly: readonly Address[]
}

/** A missing table or entry loads nothing here: the runtime itself refuses such a transaction. */
export function loadAddresses(transaction: Transaction, vm: Vm): LoadedAddresses {
  const writable: Address[] = []
  const readonly: Address[] = []
  for (const lookup of transaction.lookups) {
    const data = vm.account(lookup.table)?.data ?? new Uint8Array()
    writable.push(...addressesAt(data, lookup.writable))
    readonly.push(...addressesAt(data, lookup.readonly))
  }
  return { writable, readonly }
}

function addressesAt(table: Uint8Array, indices: Uint8Array): Address[] {
  return Array.from(indices)
    .map((index) => TABLE_HEADER_BYTES + index * ADDRESS_BYTES)
    .filter((offset) => offset + ADDRESS_BYTES <= table.length)
    .map((offset) => toBase58(table.subarray(offset, offset + ADDRESS_BYTES)))
}
