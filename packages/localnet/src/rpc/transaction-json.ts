// Transactions as getTransaction shows them.
import type { Meta } from '../chain/meta.ts'
import type { Address } from '../vm/address.ts'
import { toBase58 } from '../vm/address.ts'
import type { InnerInstruction } from '../vm/vm.ts'
import { isSigner, isWritable, type Transaction } from '../vm/wire.ts'

export type TransactionEncoding = 'json' | 'jsonParsed' | 'base58' | 'base64'

export function transactionJson(
  transaction: Transaction,
  meta: Meta,
  encoding: TransactionEncoding,
): unknown {
  if (encoding === 'base64') return [Buffer.from(transaction.bytes).toString('base64'), encoding]
  if (encoding === 'base58') return [toBase58(transaction.bytes), encoding]
  const { signatures } = transaction
  return {
    signatures,
    message:
      encoding === 'json'
        ? messageJson(transaction)
        : parsedMessageJson(transaction, allAddresses(transaction, meta)),
  }
}

function messageJson(transaction: Transaction): unknown {
  return {
    header: transaction.header,
    accountKeys: transaction.keys,
    recentBlockhash: transaction.blockhash,
    instructions: transaction.instructions.map(({ program, accounts, data }) => ({
      programIdIndex: program,
      accounts: [...accounts],
      data: toBase58(data),
      stackHeight: 1,
    })),
    ...lookupsJson(transaction),
  }
}

/** Instructions are given as the cluster gives those of programs it has no parser for. */
function parsedMessageJson(transaction: Transaction, addresses: readonly Address[]): unknown {
  return {
    accountKeys: addresses.map((pubkey, i) => ({
      pubkey,
      signer: isSigner(transaction, i),
      writable: isWritable(transaction, i),
      source: i < transaction.keys.length ? 'transaction' : 'lookupTable',
    })),
    recentBlockhash: transaction.blockhash,
    instructions: transaction.instructions.map(({ program, accounts, data }) => ({
      programId: addresses[program],
      accounts: [...accounts].map((i) => addresses[i]),
      data: toBase58(data),
      stackHeight: 1,
    })),
    ...lookupsJson(transaction),
  }
}

function lookupsJson(transaction: Transaction): object {
  if (transaction.version === 'legacy') return {}
  return {
    addressTableLookups: transaction.lookups.map(({ table, writable, readonly }) => ({
      accountKey: table,
      writableIndexes: [...writable],
      readonlyIndexes: [...readonly],
    })),
  }
}

export function metaJson(transaction: Transaction, meta: Meta, encoding: TransactionEncoding): unknown {
  if (encoding !== 'jsonParsed') return meta
  const { loadedAddresses: _, ...rest } = meta
  return { ...rest, innerInstructions: parsedInner(meta.innerInstructions, allAddresses(transaction, meta)) }
}

export function parsedInner(inner: Meta['innerInstructions'], addresses: readonly Address[]): unknown {
  return inner.map(({ index, instructions }) => ({
    index,
    instructions: instructions.map((instruction: InnerInstruction) => ({
      programId: addresses[instruction.programIdIndex],
      accounts: instruction.accounts.map((i) => addresses[i]),
      data: instruction.data,
      stackHeight: instruction.stackHeight,
    })),
  }))
}

function allAddresses(transaction: Transaction, { loadedAddresses }: Meta): Address[] {
  return [...transaction.keys, ...loadedAddresses.writable, ...loadedAddresses.readonly]
}
