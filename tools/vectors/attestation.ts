// attestation.json: attestations as fields, as bytes (the fields in order), and the hash that is voted on.
import { deepStrictEqual, equal } from 'node:assert/strict'
import { attestationHash } from '../../packages/protocol/src/attestation.ts'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { attestationCodec } from '../../packages/protocol/src/codecs.ts'
import type { Attestation, LedgerRoot } from '../../packages/protocol/src/messages.ts'
import type { VectorFile } from './lib/file.ts'
import { someBelow, someBytes, someU64 } from './lib/random.ts'

type Fields = { readonly [K in keyof Attestation]: Attestation[K] extends LedgerRoot ? RootFields : string }
type RootFields = { readonly [K in keyof LedgerRoot]: string }

interface AttestationEntry {
  readonly name: string
  readonly fields: Fields
  readonly bytes: string
  readonly hash: string
}

const rootFields = ({ root, count, total }: LedgerRoot): RootFields => ({
  root: toHex(root),
  count: String(count),
  total: String(total),
})

const rootOf = ({ root, count, total }: RootFields): LedgerRoot => ({
  root: fromHex(root),
  count: Number(count),
  total: BigInt(total),
})

function fieldsOf(value: Attestation): Fields {
  return {
    networkId: toHex(value.networkId),
    epoch: String(value.epoch),
    round: String(value.round),
    seed: toHex(value.seed),
    factsHash: toHex(value.factsHash),
    inputsRoot: toHex(value.inputsRoot),
    previous: toHex(value.previous),
    accounts: rootFields(value.accounts),
    jobs: rootFields(value.jobs),
    slashes: rootFields(value.slashes),
    nodesRoot: toHex(value.nodesRoot),
    workforceRoot: toHex(value.workforceRoot),
    stateHash: toHex(value.stateHash),
  }
}

function attestationOf(fields: Fields): Attestation {
  return {
    networkId: fromHex(fields.networkId),
    epoch: Number(fields.epoch),
    round: Number(fields.round),
    seed: fromHex(fields.seed),
    factsHash: fromHex(fields.factsHash),
    inputsRoot: fromHex(fields.inputsRoot),
    previous: fromHex(fields.previous),
    accounts: rootOf(fields.accounts),
    jobs: rootOf(fields.jobs),
    slashes: rootOf(fields.slashes),
    nodesRoot: fromHex(fields.nodesRoot),
    workforceRoot: fromHex(fields.workforceRoot),
    stateHash: fromHex(fields.stateHash),
  }
}

function some(name: string, epoch: number, round: number): Attestation {
  const label = (field: string): string => `attestation ${name} ${field}`
  const bytes = (field: string): Uint8Array => someBytes(label(field))
  const root = (field: string): LedgerRoot => ({
    root: bytes(field),
    count: someBelow(label(`${field} count`), 100_000),
    total: someU64(label(`${field} total`)),
  })
  return {
    networkId: bytes('network'),
    epoch,
    round,
    seed: bytes('seed'),
    factsHash: bytes('facts'),
    inputsRoot: bytes('inputs'),
    previous: bytes('previous'),
    accounts: root('accounts'),
    jobs: root('jobs'),
    slashes: root('slashes'),
    nodesRoot: bytes('nodes'),
    workforceRoot: bytes('workforce'),
    stateHash: bytes('state'),
  }
}

const EMPTY: LedgerRoot = { root: new Uint8Array(32), count: 0, total: 0n }
const FULL: LedgerRoot = {
  root: new Uint8Array(32).fill(255),
  count: Number.MAX_SAFE_INTEGER,
  total: 2n ** 64n - 1n,
}

const ATTESTATIONS: Readonly<Record<string, Attestation>> = {
  'the first epoch of an empty network': {
    ...some('first', 0, 0),
    previous: new Uint8Array(32),
    accounts: EMPTY,
    jobs: EMPTY,
    slashes: EMPTY,
  },
  'an ordinary epoch': some('ordinary', 288, 0),
  'a late round': some('late', 1000, 7),
  'epoch and round beyond 32 bits': some('far', 2 ** 40 + 1, 2 ** 33),
  'the largest numbers': {
    ...some('largest', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    accounts: FULL,
    jobs: FULL,
    slashes: FULL,
  },
}

function entry([name, attestation]: [string, Attestation]): AttestationEntry {
  const bytes = toHex(attestationCodec.encode(attestation))
  return { name, fields: fieldsOf(attestation), bytes, hash: toHex(attestationHash(attestation)) }
}

function check({ fields, bytes, hash }: AttestationEntry): void {
  const attestation = attestationOf(fields)
  equal(toHex(attestationCodec.encode(attestation)), bytes)
  deepStrictEqual(fieldsOf(attestationCodec.decode(fromHex(bytes))), fields)
  equal(toHex(attestationHash(attestation)), hash)
}

export const vectors: VectorFile<AttestationEntry> = {
  name: 'attestation',
  generate: () => Object.entries(ATTESTATIONS).map(entry),
  check,
}
