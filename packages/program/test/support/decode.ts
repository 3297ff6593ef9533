// Reads any account and log line of idl.json by the name of a field.
import { PublicKey } from '@solana/web3.js'
import { type Field, idl, placed, shapeOf, sizeOf, sizeOfFields, structOf } from '../../generate/idl.ts'

/** Integers as bigint, addresses in base58, hashes and padding in hex. */
export type Scalar = bigint | string
export type Place = { readonly offset: number; readonly type: string }

/** Where a field lies, such as `totals.staked` or `entries.3.stake`. */
export function placeOf(accountName: string, path: string): Place {
  const account = idl.accounts.find((one) => one.name === accountName)
  if (account === undefined) throw new Error(`idl.json has no account ${accountName}`)
  return placeIn(account.fields, path.split('.'))
}

function placeIn(fields: readonly Field[], [name, ...rest]: readonly string[]): Place {
  const field = placed(fields).find((one) => one.name === name)
  if (field === undefined) throw new Error(`no field ${name}`)
  let { item, count } = shapeOf(field.type)
  let offset = field.offset
  let path = rest
  if (typeof count === 'number' && path[0] !== undefined) {
    offset += Number(path[0]) * sizeOf(item)
    path = path.slice(1)
    count = undefined
  }
  const struct = structOf(item)
  if (count !== undefined || path.length === 0)
    return { offset, type: count === undefined ? item : field.type }
  if (struct === undefined) throw new Error(`${name} has no fields`)
  const inner = placeIn(struct.fields, path)
  return { offset: offset + inner.offset, type: inner.type }
}

export function readScalar(data: Uint8Array, { offset, type }: Place): Scalar {
  const bytes = Buffer.from(data).subarray(offset, offset + sizeOf(type))
  if (type === 'address') return new PublicKey(bytes).toBase58()
  if (type === 'i64') return bytes.readBigInt64LE()
  if (/^u\d+$/.test(type)) return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
  return bytes.toString('hex')
}

export type Event = { readonly name: string; readonly fields: Readonly<Record<string, Scalar>> }

/** The log line of an instruction, from a transaction's logs. */
export function eventsIn(logs: readonly string[]): readonly Event[] {
  return logs
    .filter((line) => line.startsWith('Program data: '))
    .map((line) => decodeEvent(Buffer.from(line.slice('Program data: '.length), 'base64')))
}

function decodeEvent(line: Uint8Array): Event {
  const event = idl.events.find((one) => one.discriminator === line[0])
  if (event === undefined) throw new Error(`no event ${line[0]}`)
  const fields = event.fields.map(([name, type]) => ({ name, type }))
  if (line.length !== 1 + sizeOfFields(fields)) throw new Error(`${event.name} of ${line.length} bytes`)
  const values = placed(fields).map((field) => [
    field.name,
    readScalar(line.subarray(1), { offset: field.offset, type: field.type }),
  ])
  return { name: event.name, fields: Object.fromEntries(values) }
}
