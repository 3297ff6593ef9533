// A snapshot: one line of JSON, the state of litesvm, and a checksum over both.
import { crc32 } from 'node:zlib'
import type { ChainStart } from '../chain/chain.ts'
import { LocalnetError } from '../errors.ts'

/** Raised whenever a reader of the older form would misread the newer one. */
const VERSION = 1
const CHECKSUM_BYTES = 4

export interface Snapshot {
  readonly genesisHash: string
  readonly start: ChainStart
  readonly state: Uint8Array
}

export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const { genesisHash, start, state } = snapshot
  const head = Buffer.from(`${JSON.stringify({ version: VERSION, genesisHash, start })}\n`, 'utf8')
  const body = Buffer.concat([head, state])
  const checksum = Buffer.alloc(CHECKSUM_BYTES)
  checksum.writeUInt32LE(crc32(body), 0)
  return Buffer.concat([body, checksum])
}

export function decodeSnapshot(bytes: Buffer, file: string): Snapshot {
  const end = bytes.length - CHECKSUM_BYTES
  const line = bytes.indexOf('\n')
  if (end <= 0 || line < 0 || crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) {
    throw new LocalnetError(
      'ledger/damaged',
      `${file} is damaged. Restore it, or start with an empty ledger folder.`,
      { file },
    )
  }
  const head = JSON.parse(bytes.toString('utf8', 0, line))
  if (head.version !== VERSION) {
    const message = `${file} was written by another version (${head.version}, this one reads ${VERSION}). Use that version, or another ledger folder.`
    throw new LocalnetError('ledger/newer-version', message, { file })
  }
  return { genesisHash: head.genesisHash, start: head.start, state: bytes.subarray(line + 1, end) }
}
