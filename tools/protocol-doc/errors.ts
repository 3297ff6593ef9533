// The table of error codes.
import type { ProtocolErrorCode } from '../../packages/protocol/src/errors.ts'
import { code, tableOf } from './markdown.ts'

/** Whoever adds a code says here what it means: the compiler asks for it. */
const MEANINGS: Readonly<Record<ProtocolErrorCode, string>> = {
  'bytes/malformed': 'these bytes are not the one encoding of a value of that type',
  'bytes/too-long': 'there are more bytes than that type may have',
  'signature/bad-key': 'this key may not be registered, or is no key',
  'signature/invalid': 'the signature is not one of this key for these bytes',
  'enrolment/invalid':
    'of another network, with too small a stamp, or signed by a wallet that it does not name',
  'batch/wrong-network': 'a batch for another network',
  'batch/wrong-epoch': 'a batch of another epoch',
  'batch/broken-chain': 'a batch that does not follow the one before it, or is too far ahead',
  'batch/equivocation': 'a batch of a node that signed two for one place',
  'batch/invalid': 'a batch without rows, beyond the limit of a chain, or of a node that is not enrolled',
  'inventory/mismatch': 'an inventory that is not what was posted, or whose parts do not fit together',
  'report/invalid':
    'a report of somebody else or another time, not the one committed; a trace of what does not fit',
  'ledger/no-such-index': 'an index that a ledger does not have',
  'ledger/bad-amount': 'an amount that is no u64',
  'facts/invalid': 'facts that do not follow the state',
  'inputs/invalid': 'inputs on which no attestation can stand',
  'state/malformed': 'pages or a genesis that make no state',
  'state/wrong-hash': 'a manifest or page that does not have the hash that was asked for',
}

export function errorTable(): string {
  const rows = Object.entries(MEANINGS).map(([name, meaning]) => [code(name), meaning])
  return tableOf({ head: ['code', 'what happened'], rows })
}
